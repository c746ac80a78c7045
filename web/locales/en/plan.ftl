plan-opening = { $indicators } indicators, { $tasks } tasks, { $subtasks } sub-tasks and { $projects } projects, with { $numbers } numbers that can be held against what happened.
plan-tasks = Tasks
plan-task = Task
plan-projects = Projects
plan-project = Project
plan-number = Number
plan-numbers = { $count ->
    [one] one number
   *[other] { $count } numbers
 }
plan-what = What
plan-by = By
plan-measured = Measured by
plan-stated-in = Stated in
plan-deliverable = something to be built, checked when done
plan-year-assumed = no year is printed; the end of the plan is taken
plan-milestones = Milestones
plan-quantities = Numbers
plan-whole-task = Numbers of the whole task
plan-no-numbers = This part states no number.
plan-no-text = The plan's own text is not attached, so clauses are named by number only. Whoever runs this site can attach a copy with haihe init --plan-text; clauses then stand beside their numbers.
plan-contradictions = Where the plan does not agree with itself
plan-contradictions-why = Where it says two things, two definitions or targets stand side by side; nothing is chosen for it.
clause-indicators = Indicators read from it
clause-parts = Tasks and projects read from it
plan-indicators = Indicators
plan-only-indicators = { $indicators } indicators.
