# Prints the milliseconds of one coxph() on a resample: the median of 5 rounds.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
patients <- read.csv(arguments[1])
replicates <- as.integer(arguments[2])
set.seed(1)
loop <- function() {
  for (replicate in seq_len(replicates)) {
    suppressWarnings(coxph(Surv(time, event) ~ ., patients[sample(nrow(patients), replace = TRUE), ]))
  }
}
loop()
milliseconds <- replicate(5, {
  before <- proc.time()
  loop()
  spent <- proc.time() - before
  1000 * (spent[["user.self"]] + spent[["sys.self"]]) / replicates
})
cat(median(milliseconds), "\n")
