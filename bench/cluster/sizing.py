"""What a province and the country would take on a cluster: by calculation, and by a simulation of who does what when.

    python3 bench/cluster/sizing.py

Deterministic. The costs are measured (docs/benchmarks/cluster.md), the prices are assumptions and printed as such.
"""

import heapq

# Measured on 2 cores, of executors, in CPU-seconds: what a file costs, and a million of its rows.
FILE = 0.0019
MILLION = 0.135
# Of the scheduler and of the one who asks, for each file.
HANDING_OUT = 0.0005
ASKING = 0.0005
# As in cluster/src/parts.rs.
PART_ROWS, PART_FILES, ROUND_ROWS = 400_000, 32, 200_000_000
# Of the store, bytes a second of each connection, and seconds until it begins to answer.
BYTES_A_SECOND, ANSWERS_AFTER = 50e6, 0.02
# A silent executor is lost after so many seconds.
LOST_AFTER = 30
# Assumptions: a core with 4 GiB for an hour, a thousand reads and writes of the store, a GB of it for a month; in yuan.
CORE_HOUR, READS, WRITES, GB_MONTH = 0.25, 0.001, 0.01, 0.12

# The demonstration city of size m: files, rows, bytes of facts, pupils.
CITY = (1_777, 35_900_000, 405_000_000, 1_921_281)


def files_of(cities):
    """Rows and bytes of each data file. Districts differ: every fourth is thrice as large as the others."""
    count, rows, size, _ = CITY
    weights = [3 if at % 4 == 0 else 1 for at in range(count)]
    whole = sum(weights)
    city = [(rows * it // whole, size * it // whole) for it in weights]
    return city * cities


def rounds_of(files):
    rounds, in_round, in_part = [], None, 0
    for rows, size in files:
        if in_round is None or in_round + rows > ROUND_ROWS:
            rounds.append([])
            in_round = 0
        in_round += rows
        parts = rounds[-1]
        if parts and len(parts[-1]) < PART_FILES and in_part + rows <= PART_ROWS:
            in_part += rows
            parts[-1].append((rows, size))
        else:
            in_part = rows
            parts.append([(rows, size)])
    return rounds


def seconds(part):
    """Of one core. While a file is scanned the next is fetched."""
    fetching = sum(ANSWERS_AFTER + size / BYTES_A_SECOND for _, size in part)
    scanning = sum(FILE + MILLION * rows / 1e6 for rows, _ in part)
    return max(fetching / 2, scanning)


def simulate(rounds, cores, loses):
    """Seconds until all is kept. With `loses`, a machine of 8 cores is lost half-way through the first round: what it did
    of that round is done again by the others once it is known to be lost."""
    clock = 0.0
    for number, parts in enumerate(rounds):
        here = cores - 8 if loses and number > 0 else cores
        free = [clock] * here
        heapq.heapify(free)
        handed, done = clock, []
        for part in parts:
            handed += HANDING_OUT * len(part)
            begin = max(heapq.heappop(free), handed)
            end = begin + seconds(part)
            heapq.heappush(free, end)
            done.append(end)
        end = max(done)
        if loses and number == 0:
            again = sorted(parts, key=seconds)[-(len(parts) * 8 // (2 * cores) + 8):]
            left = [max(end, (clock + end) / 2 + LOST_AFTER)] * (cores - 8)
            heapq.heapify(left)
            for part in again:
                heapq.heappush(left, heapq.heappop(left) + seconds(part))
            end = max(left)
        clock = end + ASKING * sum(map(len, parts))
    return clock


def main():
    count, rows, size, pupils = CITY
    country = round(290_000_000 / pupils)
    print(f"yuan: a core-hour {CORE_HOUR}, a thousand reads {READS}, writes {WRITES}, a GB for a month {GB_MONTH}")
    print("| | rows, thousand million | files | in the store | core-hours | cores | minutes | with 8 lost | yuan a run | a month of the store |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    for name, cities in (("a city", 1), ("a province, 10 of them", 10), (f"the country, {country} of them", country)):
        files = files_of(cities)
        rounds = rounds_of(files)
        work = sum(seconds(part) for parts in rounds for part in parts) / 3600
        for cores in (16, 64, 256):
            whole, lost = simulate(rounds, cores, False), simulate(rounds, cores, True)
            price = cores * whole / 3600 * CORE_HOUR + len(files) / 1000 * READS
            month = size * cities / 1e9 * GB_MONTH
            print(
                f"| {name} | {rows * cities / 1e9:.2f} | {len(files):,} | {size * cities / 1e9:.1f} GB | {work:.2f} | {cores} "
                f"| {whole / 60:.1f} | {lost / 60:.1f} | {price:.2f} | {month:.2f} |"
            )


main()
