nav-cases = Cases
nav-published = Public notices
cases-inbox = My tasks
cases-list = All cases
cases-overdue = Overdue
cases-new = Begin a case
yes = Yes
no = No
colon = {": "}
start-tasks = { $count ->
    [one] case waits for you
   *[other] cases wait for you
}
start-overdue = { $count } overdue
urgency-ended = Ended
urgency-none = No deadline
urgency-overdue = Overdue
urgency-near = Due soon
urgency-in-time = In time
turn-own = Your turn
turn-others = Under way
turn-public = Public
inbox-empty = No case waits for you.
inbox-empty-why = Cases in which it is your turn stand here, those due first. A colleague or a school begins each of them. To what is made public you may object among the public notices.
inbox-count = { $count ->
    [one] case waits for you
   *[other] cases wait for you
}
inbox-overdue = { $count } overdue
inbox-as = You act as { $role }
case-number = Number
case-procedure = Procedure
case-organisation = Organisation
case-state = Where it stands
case-due = Last day
case-changed = Last change
case-since = since { $at }
case-done = Done: { $step }
case-done-and-gone = { $number } is done, and others go on with it.
case-form-empty = Nothing is filled in yet.
case-decide = Decide
case-as = You act as {""}
case-note = Opinion or reasons
case-about = This case
case-beginner = Begun by
case-begun = Begun at
case-purpose = What it is for
case-deadlines = Deadlines
limit-working-days = { $count ->
    [one] { $count } working day
   *[other] { $count } working days
}
limit-days = { $count ->
    [one] { $count } calendar day
   *[other] { $count } calendar days
}
limit-months = { $count ->
    [one] { $count } month
   *[other] { $count } months
}
limit-years = { $count ->
    [one] { $count } year
   *[other] { $count } years
}
limit-on = Until the day in “{ $field }”
deadline-estimated = estimated: the holidays of that year are not published yet
must = required
must-for = required for “{ $steps }”
note-for = needed for “{ $steps }”
organisation-how = The code of an organisation, or its full name
draft-keep = Keep as a draft
draft-kept = Draft kept at
draft-lost = The draft could not be kept; check the connection
draft-saved = Draft of { $at }
draft-older = Draft of { $at }; the case was changed since, look it over
step-waits = “{ $step }” still waits for something else
sign-about = Check every line. Once you sign, what you see here is kept with your signature and cannot be changed.
sign = Confirm and sign
sign-not = Back to the form
sign-hash = Fingerprint of what is signed
files = Files
files-empty = No files yet.
files-attach = Attach files
files-add = Upload the chosen files
files-send = Upload
files-most = PDF, pictures, documents, sheets or text; { $most } at once at most
files-scanned = scanned for viruses
file-not-kept = The file “{ $name }” was not kept. { $why }
letters = Letters
letter-issued = issued { $at }
letter-ordered = being issued since { $at }
letter-revoked = taken back { $at }: it does not hold any more
letter-in-chinese = in Chinese
letter-in-english = in English
parts = Given roles
part-give = Give
part-take = Take away
part-nobody = There is nobody it could be given to.
reviews = Reviews
reviews-count = { $handed } of { $of } handed in
reviews-mean = Mean
review-score = Score (0 to { $most })
review-opinion = Opinion
review-hand-in = Hand in
discussion = Discussion
discussion-empty = Nobody has said anything yet. All parties of the case read what is said here.
discussion-say = Explain, ask or answer
discussion-send = Send
history = History
history-changed = { $count ->
    [one] one field filled in
   *[other] { $count } fields filled in
}
story-begin = Begun
story-program = The system
story-assign = Given the role of { $role }
story-unassign = The role of { $role } taken away
story-review = Review handed in
story-remind = Reminder: { $name }
story-overdue = Overdue: { $name }
story-moved = Deadline moved with the holidays: { $name }
story-migrate = Brought to a newer version of the procedure
draws = Draws
draw-of = { $role }: { $count } drawn
draw-announced = The seed was chosen { $at }, and its SHA-256, the commitment, told to all parties.
draw-commitment = Commitment (SHA-256 of the seed)
draw-seed = Seed
draw-to-come = Who may be drawn is named only later, so that nobody can choose the seed to suit a list, nor the list to suit a seed. After the draw the seed and all tickets are told; anyone can check them with sha256sum.
draw-about = Everybody's ticket is the SHA-256 of the text “seed/number/account”; the lowest are drawn. Anyone can compute it again with sha256sum.
list-only = Show
list-open = open
list-overdue = overdue
list-words = Number or words
list-none = No case is like this.
list-empty = There is no case yet that you may see.
list-clear = Show all
list-first = First page
list-next = Next page
bulk = Many at once
bulk-all = Choose all
bulk-step = Step
bulk-take = Take it in those chosen
bulk-about = Choose cases first. What is to be filled in is asked next, once for all. Each is decided by itself; what is refused is told with its reason and keeps no other from it.
bulk-singly = In one case at a time, as they are signed, drawn, or ask for files or for what belongs to one case only: { $steps }.
bulk-how = Choose one procedure to take a step or to give a role in many cases at once.
bulk-none = No case was chosen, and nothing was done.
bulk-give = Give: { $role }
bulk-to = To
bulk-chosen = { $count ->
    [one] One case is chosen. What is filled in here is done in it.
   *[other] { $count } cases are chosen. What is filled in here once is done in each of them.
}
bulk-blank = What is left blank stays in each case as it is there.
bulk-each = Each is decided by itself; what is refused is told with its reason and keeps no other from it.
bulk-in = Cases that are chosen
bulk-back = Back to the list
bulk-done = “{ $step }”: done in { $count }
overdue-none = Nothing is overdue.
overdue-none-why = Cases past their deadline stand here by procedure and organisation, the oldest first.
overdue-count = overdue
overdue-cases = Cases
overdue-days = Longest (days)
overdue-since = First due
new-none = Your roles begin no cases.
new-none-why = Cases that need you stand among your tasks.
begin-one = One case
begin-organisation = Which organisation it is about
begin = Begin
begin-about = The case gets its number now. You may leave while you fill it in; your draft stays.
begin-not-here = You cannot begin this for that organisation. Name one you are responsible for.
begin-who = Who does what
sheet = Many cases by a workbook
sheet-about = One case a row; each takes “{ $step }” when the workbook is handed in.
sheet-empty = Download the empty workbook (XLSX)
sheet-file = The filled workbook
sheet-most = An XLSX workbook of { $most } at most
sheet-check = Check only
sheet-take = Hand in
sheet-none = Choose the filled workbook.
sheet-unreadable = The file is no XLSX workbook that can be read. Fill in the empty workbook from here.
sheet-no-header = The workbook has no header. Fill in the empty workbook from here.
sheet-too-large = The workbook is larger than { $most }. Hand it in in parts.
sheet-too-long = The workbook has more than { $most } rows. Hand it in in parts.
sheet-rehearsed = { $count ->
    [one] One row is sound; nothing was handed in yet.
   *[other] { $count } rows are sound; nothing was handed in yet.
}
sheet-begun = { $count ->
    [one] One case was begun.
   *[other] { $count } cases were begun.
}
sheet-findings = { $count ->
    [one] One place must be mended; its row was not taken.
   *[other] { $count } places must be mended; their rows were not taken.
}
sheet-row = Row
sheet-column = Column
sheet-whole-row = whole row
sheet-found = Found
sheet-expected = Expected
sheet-hint = How to mend it
published = Public notices
published-about = These decisions are shown to everyone before they hold. Until the last day named, objections are taken.
published-none = There is no notice now. A decision that is made public stands here with what is public of it, its last day and how to object.
published-since = Public since
published-until = Objections until
published-object = Look or object
published-object-about = Sign in to object, and give your reasons. Whoever holds one of these roles may: { $roles }.
refused-unknown = There is no such case, or it is not for you to see.
refused-no-procedure = There is no procedure { $name }.
refused-stale = Somebody else has just worked on this case. Look at it as it is now, and decide anew.
refused-no-step = The procedure has no step { $name }.
refused-not-here = The case does not stand where “{ $name }” begins.
refused-not-allowed = “{ $name }” is not for you.
refused-apart = You acted as “{ $name }” in this case; duties are kept apart, and this step is for somebody else.
refused-condition = The condition of “{ $name }” does not hold; look over what is filled in.
refused-condition-of = The condition of “{ $name }” does not hold. It is decided by: { $fields }; look over what is filled in there.
refused-late = The time for “{ $name }” is over.
refused-fields = { $count ->
    [one] One field must be mended; nothing was sent:
   *[other] { $count } fields must be mended; nothing was sent:
}
refused-no-note = Write your opinion or reasons.
refused-too-long = The text is too long; { $most } letters at most.
refused-not-seen = The case is not what you looked at any more. Check it again before you sign.
refused-quota = All places are taken.
refused-open = There is an open case about the same subject: { $number }.
refused-too-few = Only { $found } could be drawn, and { $needed } are needed.
refused-no-organisation = There is no organisation “{ $code }”. Write its code or its full name.
refused-file-kind = Files of this kind are not taken ({ $kind }).
refused-file-size = The file is empty or larger than { $most }.
refused-too-many-files = The case holds as many files as it may.
refused-harmful = The file was found to be harmful and was not kept.
refused-not-looked-over = The file cannot be looked over for viruses now, and was not kept. Try again later; whoever runs this site is told by its log.
refused-handed-in = You have handed in already.
refused-score = Write a score from 0 to { $most }.
refused-no-state = The newer procedure has no state { $name }.
