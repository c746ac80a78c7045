scoreboard = Scoreboard
scoreboard-of = { $place }, { $year }
scoreboard-count = In { $year }, of { $total } indicators,{" "}
scoreboard-clause = { $count } { $count ->
    [1] is
   *[other] are
 } { $status }
scoreboard-comma = ,{" "}
scoreboard-stop = .
scoreboard-beside = As the plan also says
scoreboard-caption = Baseline, current value and target of every indicator
scoreboard-scale = All targets stand at the same place; better is to the right
scoreboard-key-base = ○ baseline
scoreboard-key-due = │ due this year
scoreboard-key-goal = ┃ target
scoreboard-as-of = As published by { $at }.
scoreboard-latest = Back to the latest release
scoreboard-indicator = Indicator
scoreboard-group-summary = { $met } of { $total } met
scoreboard-extra = Monitored beside the plan's own table
bullet-label = Baseline { $baseline }; { $now } in { $year }; target { $target }
spark-label = Series { $first } to { $last }
wall = Big screen
wall-updated = Data released
wall-away = The server cannot be reached; showing the last data received
