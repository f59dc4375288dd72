# Firth's penalty: for Cox models the log-likelihood, score and information of coxph, maximized with half the log
# determinant of the information of covariates of unit variance, as coxphf does; for logistic models brglm2.

firth <- function(args, data, ties) {
  x <- as.matrix(data[args$covariates])
  scale <- apply(x, 2, sd)
  x <- sweep(x, 2, scale, "/")
  s <- surv(args, data)
  p <- ncol(x)
  everything <- seq_len(p)
  at <- function(beta) coxph(s ~ x, init = beta, ties = ties, control = coxph.control(iter.max = 0))
  half_log_det <- function(fit) -0.5 * as.numeric(determinant(fit$var)$modulus)
  penalized <- function(beta) { fit <- at(beta); fit$loglik[1] + half_log_det(fit) }
  gradient <- function(beta, fit, free) {
    h <- 1e-4
    slope <- function(j) {  # of the penalty, by Richardson's central differences
      f <- function(by) { moved <- beta; moved[j] <- moved[j] + by; half_log_det(at(moved)) }
      (8 * (f(h) - f(-h)) - (f(2 * h) - f(-2 * h))) / (12 * h)
    }
    colSums(as.matrix(residuals(fit, "score")))[free] + sapply(free, slope)
  }
  maximize <- function(free, beta) {
    if (length(free)) for (iteration in 1:60) {
      fit <- at(beta)
      step <- solve(solve(fit$var)[free, free, drop = FALSE], gradient(beta, fit, free))
      step <- step * min(1, 1 / max(abs(step)))
      beta[free] <- beta[free] + step
      if (max(abs(step)) < 1e-8) break
    }
    list(point = beta, value = penalized(beta))
  }
  best <- maximize(everything, rep(0, p))
  se <- sqrt(diag(at(best$point)$var))
  profile <- function(i, b) {
    beta <- best$point
    beta[i] <- b
    maximize(setdiff(everything, i), beta)$value
  }
  limit <- function(i, way) uniroot(
    function(by) profile(i, best$point[i] + way * by) - best$value + qchisq(0.95, 1) / 2,
    c(0, 2 * se[i]), extendInt = "downX", tol = 1e-9)$root * way + best$point[i]
  null <- penalized(rep(0, p))
  list(terms = I(args$covariates), coef = I(best$point / scale), se = I(se / scale), pen_loglik = best$value,
       pen_lr_chisq = 2 * (best$value - null), pen_loglik_null = null,
       profile_lower_hr = I(exp(sapply(everything, limit, -1) / scale)),
       profile_upper_hr = I(exp(sapply(everything, limit, 1) / scale)),
       profile_p = I(sapply(everything, function(i) chi_p(2 * (best$value - profile(i, 0)), 1))))
}

firth_data <- function(args, data) if (is.null(args$data)) data else do.call(rbind, lapply(args$data, as.data.frame))

operations$firth_cox <- function(args, data) {
  found <- firth(args, firth_data(args, data), args$ties)
  found[setdiff(names(found), "pen_loglik_null")]
}

operations$firth_cox_coxphf <- function(args, data) {
  found <- firth(args, firth_data(args, data), "breslow")
  found[setdiff(names(found), "pen_lr_chisq")]
}

operations$firth_logistic <- function(args, data) {
  data <- firth_data(args, data)
  fit <- glm(as.formula(paste(args$response, "~", paste(args$covariates, collapse = "+"))), binomial, data,
             method = brglm2::brglmFit, type = "AS_mean", epsilon = 1e-13, maxit = 1000)
  list(coef = coef(fit), se = sqrt(diag(vcov(fit))))
}
