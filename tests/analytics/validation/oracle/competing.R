# Competing risks, by cmprsk.

operations$cuminc <- function(args, data) {
  time <- data[[args$time]]
  status <- data[[args$status]]
  grouped <- !is.null(args$group)
  group <- if (grouped) data[[args$group]] else rep("ALL", nrow(data))
  fit <- cmprsk::cuminc(time, status, group)
  at <- cmprsk::timepoints(fit, args$times)
  tests <- fit$Tests
  list(curve = I(rownames(at$est)), est = unname(at$est), var = unname(at$var),
       gray = if (grouped) list(cause = I(rownames(tests)), stat = I(tests[, "stat"]), p = I(tests[, "pv"]),
                                df = I(tests[, "df"])))
}

operations$fine_gray <- function(args, data) {
  fit <- cmprsk::crr(data[[args$time]], data[[args$status]], as.matrix(data[args$covariates]),
                     failcode = args$failcode, cencode = 0, gtol = 1e-12, maxiter = 100)
  list(coef = I(fit$coef), se = I(sqrt(diag(fit$var))), loglik = fit$loglik)
}
