//! Scoring of the national fitness test (国家学生体质健康标准, 2014).
