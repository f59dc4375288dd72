# CPU milliseconds of survfit and survdiff on the rows of a CSV file (time, event, group): the median of 7 rounds.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
rows <- read.csv(arguments[1])
times <- as.integer(arguments[2])
milliseconds <- function(action) {
  action()
  rounds <- sapply(1:7, function(round) {
    started <- proc.time()
    for (turn in 1:times) action()
    sum((proc.time() - started)[1:2]) / times
  })
  1000 * median(rounds)
}
cat(
  milliseconds(function() survfit(Surv(time, event) ~ 1, data = rows, conf.type = "log-log")),
  milliseconds(function() survdiff(Surv(time, event) ~ group, data = rows))
)
