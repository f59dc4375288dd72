# Cox models, by the package survival with its convergence criterion tightened.

exactly <- coxph.control(eps = 1e-13, iter.max = 100, toler.chol = 1e-15)

formula_of <- function(args, covariates = args$covariates) {
  response <- if (is.null(args$start)) sprintf("Surv(`%s`, `%s`)", args$time, args$event)
    else sprintf("Surv(`%s`, `%s`, `%s`)", args$start, args$time, args$event)
  terms <- sprintf("`%s`", covariates)
  if (!is.null(args$strata)) terms <- c(terms, sprintf("strata(`%s`)", args$strata))
  as.formula(paste(response, "~", if (length(terms)) paste(terms, collapse = "+") else "1"))
}

fit_cox <- function(args, data, covariates = args$covariates, cluster = NULL, ...) {
  ties <- if (is.null(args$ties)) "efron" else args$ties
  given <- list(formula_of(args, covariates), data, ties = ties, control = exactly, ...)
  if (!is.null(cluster)) given$cluster <- data[[cluster]]
  do.call("coxph", given)
}

chi_p <- function(chisq, df) pchisq(chisq, df, lower.tail = FALSE)

operations$cox <- function(args, data) {
  fit <- fit_cox(args, data, cluster = args$cluster)
  s <- summary(fit)
  z <- s$coefficients[, "z"]
  df <- length(coef(fit))
  lr <- 2 * diff(fit$loglik)
  result <- list(
    n = fit$n, n_event = fit$nevent, terms = I(gsub("`", "", names(coef(fit)))), coef = I(coef(fit)),
    se = I(sqrt(diag(fit$var))), hr = I(exp(coef(fit))), hr_lower = I(s$conf.int[, "lower .95"]),
    hr_upper = I(s$conf.int[, "upper .95"]), z = I(z), p = I(2 * pnorm(-abs(z))), loglik_null = fit$loglik[1],
    loglik = fit$loglik[2], lr_chisq = lr, lr_df = df, lr_p = chi_p(lr, df), wald_chisq = fit$wald.test,
    wald_p = chi_p(fit$wald.test, df), score_chisq = fit$score, score_p = chi_p(fit$score, df), vcov = fit$var,
    concordance = s$concordance[[1]], concordance_se = s$concordance[[2]], aic = AIC(fit))
  if (!is.null(args$cluster))
    result <- c(result, list(naive_se = I(sqrt(diag(fit$naive.var))), robust_score_chisq = fit$rscore))
  else if (length(args$covariates) > 1) {
    chisq <- sapply(seq_along(args$covariates), function(i)
      2 * (fit$loglik[2] - tail(fit_cox(args, data, args$covariates[-i])$loglik, 1)))
    result <- c(result, list(drop1_lr_chisq = chisq, drop1_lr_p = chi_p(chisq, 1)))
  }
  counts <- rbind(concordance(fit)$count)
  result$conc_counts <- as.list(colSums(counts))
  if (is.null(args$cluster) && is.null(args$start)) for (transform in c("km", "rank", "identity", "log")) {
    table <- cox.zph(fit, transform)$table
    result[[paste0("zph_", transform)]] <- list(rows = gsub("`", "", rownames(table)), chisq = table[, "chisq"],
                                                df = table[, "df"], p = table[, "p"])
  }
  result
}

coef_se_loglik <- function(fit) list(coef = I(coef(fit)), se = I(sqrt(diag(fit$var))), loglik = fit$loglik[2])

operations$cox_aliased <- function(args, data) {
  data[[args$constant]] <- 1
  fit <- fit_cox(args, data)
  c(coef_se_loglik(fit), lr_df = sum(!is.na(coef(fit))))
}

operations$cox_weighted <- function(args, data) {
  if (!is.null(args$frequency_weights))
    return(coef_se_loglik(fit_cox(args, data[rep(seq_len(nrow(data)), data[[args$frequency_weights]]), ])))
  coef_se_loglik(fit_cox(args, data, weights = data[[args$case_weights]], robust = FALSE))
}

operations$cause_specific_cox <- function(args, data) {
  data$.cause <- as.numeric(data[[args$status]] == args$cause)
  coef_se_loglik(fit_cox(c(args, event = ".cause"), data))
}

operations$cox_separation <- function(args, data) {
  data <- do.call(rbind, lapply(args$data, as.data.frame))
  list(r_coef = coef(coxph(formula_of(c(args, time = "time", event = "event")), data)))
}

operations$concordance <- function(args, data) {
  found <- concordance(surv(args, data) ~ data[[args$score]], reverse = args$higher_score_means == "earlier event")
  c(list(concordance = found$concordance, se = sqrt(found$var)), as.list(found$count))
}

operations$cox_interaction_lr <- function(args, data) {
  args <- modifyList(list(time = "time", event = "event"), args)
  main <- fit_cox(args, data, args$main)
  data$.product <- data[[args$interaction[1]]] * data[[args$interaction[2]]]
  lr <- 2 * (fit_cox(args, data, c(args$main, ".product"))$loglik[2] - main$loglik[2])
  list(lr_chisq = lr, df = 1, p = chi_p(lr, 1))
}

operations$cox_gamma_frailty <- function(args, data) {
  data$.cluster <- data[[args$frailty]]
  terms <- paste(c(args$covariates, "frailty(.cluster)"), collapse = "+")
  formula <- as.formula(sprintf("Surv(%s, %s) ~ %s", args$time, args$event, terms))
  fit <- coxph(formula, data)
  history <- fit$history[[1]]
  list(coef = I(coef(fit)[seq_along(args$covariates)]), theta = history$theta, integrated_loglik = history$c.loglik,
       plain_loglik = fit_cox(args, data)$loglik[2])
}

operations$landmark <- function(args, data) {
  data$late <- data[[args$time]] > args$landmark
  data$exposed <- as.numeric(data$transplant == 1 & !is.na(data$wait.time) & data$wait.time <= args$landmark)
  kept <- data[data$late, ]
  kept$from <- kept[[args$time]] - args$landmark
  test <- survdiff(Surv(from, event) ~ exposed, kept)
  fit <- coxph(Surv(from, event) ~ exposed + age, kept, control = exactly)
  naive <- coxph(Surv(time, event) ~ transplant + age, data, control = exactly)
  list(n = nrow(kept), excluded = sum(!data$late), n_exposed = sum(kept$exposed), logrank_chisq = test$chisq,
       logrank_p = chi_p(test$chisq, 1), cox_coef = coef(fit), cox_se = sqrt(diag(fit$var)),
       naive_immortal_coef = coef(naive))
}

operations$bootstrap_optimism <- function(args, data) {
  args <- modifyList(list(time = "time", event = "event"), args)
  index <- as.matrix(read.csv(file.path(folder, basename(args$index_file)), header = FALSE)) + 1
  x <- as.matrix(data[args$covariates])
  s <- surv(args, data)
  c_of <- function(s, lp) concordance(s ~ lp, reverse = TRUE)$concordance
  one <- apply(index, 1, function(rows) {
    beta <- coef(fit_cox(args, data[rows, ]))
    lp <- drop(x %*% beta)
    c(c_of(s[rows], lp[rows]), c_of(s, lp), coef(coxph(s ~ lp, control = exactly)))
  })
  apparent <- c_of(s, drop(x %*% coef(fit_cox(args, data))))
  optimism <- mean(one[1, ] - one[2, ])
  list(c_apparent = apparent, c_boot = one[1, ], c_test = one[2, ], slope = one[3, ], optimism = optimism,
       c_corrected = apparent - optimism, slope_mean = mean(one[3, ]))
}
