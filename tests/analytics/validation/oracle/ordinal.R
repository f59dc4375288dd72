# Cumulative logit models: clm of ordinal, and polr of MASS beside it.

operations$ordinal_logit <- function(args, data) {
  data$.y <- factor(data[[args$response]], levels = args$levels, ordered = TRUE)
  for (name in args$covariates) if (is.character(data[[name]])) data[[name]] <- factor(data[[name]])
  data$.w <- if (is.null(args$weights)) 1 else data[[args$weights]]
  formula <- as.formula(paste(".y ~", paste(args$covariates, collapse = "+")))
  control <- ordinal::clm.control(gradTol = 1e-10, maxIter = 200)
  fit <- ordinal::clm(formula, data = data, weights = .w, control = control)
  null <- ordinal::clm(.y ~ 1, data = data, weights = .w, control = control)
  s <- summary(fit)$coefficients
  cuts <- seq_along(fit$alpha)
  coef <- s[-cuts, , drop = FALSE]
  width <- qnorm(0.975) * coef[, 2]
  polr <- MASS::polr(formula, data, weights = .w, Hess = TRUE, control = list(reltol = 1e-15, maxit = 1000))
  table_of <- function(table) list(term = I(rownames(table)[-1]), df = I(table[-1, "Df"]),
                                   chisq = I(table[-1, "LRT"]), p = I(table[-1, "Pr(>Chi)"]))
  lr <- 2 * as.numeric(logLik(fit) - logLik(null))
  df <- nrow(coef)
  list(terms = I(rownames(coef)), coef = I(coef[, 1]), se = I(coef[, 2]), or = I(exp(coef[, 1])),
       or_lower = I(exp(coef[, 1] - width)), or_upper = I(exp(coef[, 1] + width)), z = I(coef[, 3]),
       p = I(2 * pnorm(-abs(coef[, 3]))), thresholds = I(s[cuts, 1]), thresholds_se = I(s[cuts, 2]),
       loglik = as.numeric(logLik(fit)), lr_chisq = lr, lr_df = df, polr_coef = I(coef(polr)),
       polr_se = I(sqrt(diag(vcov(polr)))[seq_len(df)]), polr_zeta = I(polr$zeta),
       drop1 = table_of(drop1(fit, test = "Chisq")), prop_odds_test = table_of(ordinal::nominal_test(fit)))
}
