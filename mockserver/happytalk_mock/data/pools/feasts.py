"""The public holidays of Korea."""

from __future__ import annotations

from typing import Final

#: Month and day.
YEARLY: Final = frozenset({(1, 1), (3, 1), (5, 5), (6, 6), (8, 15), (10, 3), (10, 9), (12, 25)})
#: Seollal and Chuseok (three days each), Buddha's birthday: they follow the moon, so they are listed.
GREAT: Final = (
    "2020-01-25 2021-02-12 2022-02-01 2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-07 2028-01-27 "
    "2029-02-13 2030-02-03 2020-10-01 2021-09-21 2022-09-10 2023-09-29 2024-09-17 2025-10-06 2026-09-25 "
    "2027-09-15 2028-10-03 2029-09-22 2030-09-12"
)
SMALL: Final = (
    "2020-04-30 2021-05-19 2022-05-08 2023-05-27 2024-05-15 2025-05-05 2026-05-24 2027-05-13 2028-05-02 "
    "2029-05-20 2030-05-09"
)
