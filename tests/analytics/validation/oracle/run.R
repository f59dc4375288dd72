# Rscript run.R FOLDER: computes the cases of FOLDER/cases.R and prints their results as one JSON array.
suppressPackageStartupMessages(library(survival))
options(warn = -1, digits = 15)

here <- dirname(sub("^--file=", "", grep("^--file=", commandArgs(), value = TRUE)))
folder <- commandArgs(trailingOnly = TRUE)[1]

operations <- list()
for (file in c("survival.R", "cox.R", "penalized.R", "competing.R", "markers.R", "tables.R", "ordinal.R"))
  source(file.path(here, file))

json <- function(x) {
  if (is.null(x)) return("null")
  if (is.matrix(x)) x <- lapply(seq_len(nrow(x)), function(i) I(unname(x[i, ])))
  if (is.list(x)) {
    items <- vapply(x, json, "")
    if (is.null(names(x))) return(paste0("[", paste(items, collapse = ","), "]"))
    return(paste0("{", paste0(dQuote(names(x), FALSE), ":", items, collapse = ","), "}"))
  }
  text <- if (is.character(x) || is.factor(x)) dQuote(as.character(x), FALSE)
    else if (is.logical(x)) tolower(as.character(x))
    else ifelse(is.finite(x), sprintf("%.15g", x), ifelse(is.nan(x), NA, ifelse(x > 0, '"Inf"', '"-Inf"')))
  text[is.na(x)] <- "null"
  if (length(x) == 1 && !inherits(x, "AsIs")) text else paste0("[", paste(text, collapse = ","), "]")
}

compute <- function(case) {
  data <- if (is.null(case$data)) NULL else read.csv(file.path(folder, case$data), check.names = FALSE)
  tryCatch(operations[[case$op]](case$args, data), error = function(e) list(error = conditionMessage(e)))
}

source(file.path(folder, "cases.R"))
sink(stderr())  # some packages talk
results <- lapply(cases, compute)
sink()
cat(json(results))
