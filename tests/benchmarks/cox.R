# Prints the CPU milliseconds of one coxph() on the rows of a CSV file (time, event, covariates): the median of 7 rounds.
suppressMessages(library(survival))
arguments <- commandArgs(trailingOnly = TRUE)
patients <- read.csv(arguments[1])
times <- as.integer(arguments[2])
model <- as.formula(paste("Surv(time, event) ~", paste(names(patients)[-(1:2)], collapse = " + ")))
milliseconds <- function() {
  before <- proc.time()
  for (turn in seq_len(times)) coxph(model, patients)
  1000 * sum((proc.time() - before)[1:2]) / times
}
invisible(milliseconds())
cat(median(replicate(7, milliseconds())), "\n")
