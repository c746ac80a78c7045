indicator-version = Version { $version }
indicator-chart = { $name }, { $place }: figures by year and the path to the target, { $year }
indicator-key-path = Dotted: the path from the baseline to the target
indicator-dated = Released
indicator-table = Table
indicator-why = Where this figure comes from
indicator-cuts = Boundaries
indicator-cut-own = As they were each year
indicator-cut = As at the end of { $year }, for all years
indicator-met-below = Met below
indicator-attribute = Nature
indicator-finest = Published down to
indicator-published = the one published
indicator-note = Note
indicator-targets = What the plan says of it, side by side
indicator-target-kind = Type
indicator-target-where = Where
indicator-stated = Numbers of the plan that it measures
indicator-places = { $place } by { $level }
indicator-map = A schematic map, not real boundaries
indicator-map-key = Pale to dark: { $low } to { $high } { $unit }
indicator-multiples = All series on one scale; the thin grey line is the whole, the dotted one the target
indicator-all-rows = Show all { $total }
list-comma = ,{" "}

kind-share = Share: numerator ÷ denominator × 100 %. A whole is the sum of numerators over the sum of denominators, never a mean of shares.
kind-ratio = Ratio: numerator ÷ denominator
kind-rate = Numerator per { $per } of the denominator
kind-mean = Mean: sum ÷ count
kind-count = Count: the numerator itself
kind-cohort = Retention: the share of a cohort still there years later, corrected for transfers and deaths
kind-dispersion = Variation coefficient S/X between units ({ $level }), { $how }; denominators below { $least } are left out
kind-weighted = weighted by the denominator
kind-plain = unweighted
kind-units = Units ({ $level }) that pass, in percent of all of them
kind-pass_count = Units ({ $level }) that meet at least { $need } of { $of } conditions, in percent
kind-composite = A weighted mean of other indicators

term-count = records of “{ $dataset }” that match
term-sum = sum of { $of } in “{ $dataset }”
term-sum-of-squares = sum of squares of { $of } in “{ $dataset }”
term-minimum = least { $of } in “{ $dataset }”
term-maximum = greatest { $of } in “{ $dataset }”
term-distinct = different { $of } in “{ $dataset }”
term-only = {" "}(only { $which })
term-before = {" "}({ $count ->
    [one] one year
   *[other] { $count } years
 } before)

target-at_least = at least
target-exceed = more than
target-at_most = at most
target-hold = hold
target-all_units = all units
target-milestones = by steps
target-never_decrease = never decrease
target-deliverable = so many built

why-title = Where this figure comes from
why-opening = { $name }, { $place }, { $year }: { $value } { $unit }.
why-lineage = From records to the figure
why-facts = Records
why-measures = Measures
why-figure = Figure
why-table-version = table version { $version }
why-all-rows = all records
why-contributions = Sums by organisation
why-rows = Some of the records
why-rows-shown = { $shown } of { $total } records. Personal columns are masked.
why-no-rows = There are no records to show.
why-term-total = Sum
why-term-rows = Records
why-not-reported = unknown
why-made-of = Made of these indicators
why-withheld = To protect persons, this term is not shown by organisation, and none of its records are.
