# Survival curves and log-rank tests, by the package survival (and prodlim for the strict reverse estimate).

surv <- function(args, data, event = data[[args$event]]) Surv(data[[args$time]], event)

curve_of <- function(s, args, weights = NULL, level = 0.95) {
  w <- if (is.null(weights)) rep(1, nrow(s)) else weights
  survfit(s ~ 1, conf.type = args$conf_type, conf.int = level, weights = w, robust = FALSE)
}

# S(t) and its limits; nothing beyond the last time, unless the curve ended at 0.
at_times <- function(fit, times) {
  at <- summary(fit, times = times, extend = TRUE)
  beyond <- times > max(fit$time) & min(fit$surv) > 0
  blank <- function(x) I(ifelse(beyond, NA, x))
  list(surv = blank(at$surv), std_err = blank(at$std.err), lower = blank(at$lower), upper = blank(at$upper),
       n_risk = I(at$n.risk), n_cum_event = I(cumsum(at$n.event)))
}

operations$km <- function(args, data) {
  label <- if (is.null(args$group)) rep("ALL", nrow(data)) else as.character(data[[args$group]])
  sapply(sort(unique(label)), simplify = FALSE, function(name) {
    s <- surv(args, data)[label == name]
    fit <- curve_of(s, args, level = args$conf_level)
    q <- quantile(fit, c(0.25, 0.5, 0.75))
    tau <- max(s[, 1])
    rmean <- survival:::survmean(fit, rmean = tau)$matrix
    c(list(n = nrow(s), events = sum(s[, 2]),
           median = q$quantile[2], median_lower = q$lower[2], median_upper = q$upper[2],
           q25 = q$quantile[1], q25_lower = q$lower[1], q25_upper = q$upper[1],
           q75 = q$quantile[3], q75_lower = q$lower[3], q75_upper = q$upper[3], times = I(args$times)),
      at_times(fit, args$times),
      list(rmean_tau = tau, rmean = rmean[["rmean"]], rmean_se = rmean[["se(rmean)"]]))
  })
}

operations$km_weighted <- function(args, data) {
  w <- if (is.null(args$case_weights)) NULL else data[[args$case_weights]]
  if (is.null(w)) data <- data[rep(seq_len(nrow(data)), data[[args$frequency_weights]]), ]
  fit <- curve_of(surv(args, data), args, w)
  c(at_times(fit, args$times)[c("surv", "std_err", "lower", "upper")],
    median = unname(quantile(fit, 0.5)$quantile))
}

operations$km_edge <- function(args, data) {
  fit <- curve_of(Surv(args$time, args$event), args)
  q <- quantile(fit, 0.5)
  list(median = q$quantile, lower = q$lower, upper = q$upper, times = I(fit$time), surv = I(fit$surv),
       ci_lower = I(fit$lower), ci_upper = I(fit$upper), n_risk = I(fit$n.risk))
}

operations$km_median_plateau <- function(args, data) {
  fit <- curve_of(Surv(args$time, args$event), args)
  q <- quantile(fit, 0.5)
  list(median = q$quantile, lower = q$lower, upper = q$upper, first_time_le_half = min(fit$time[fit$surv <= 0.5]))
}

operations$km_curve <- function(args, data) {
  fit <- curve_of(surv(args, data), args)
  list(time = fit$time, n_risk = fit$n.risk, n_event = fit$n.event, n_censor = fit$n.censor, surv = fit$surv,
       std_err_log = fit$std.err, lower = fit$lower, upper = fit$upper)
}

# Collett's interval for a median, the one SPSS prints: SE = se(S(median)) / density there.
operations$km_median_collett_spss <- function(args, data) {
  curve <- survfit(surv(args, data) ~ 1)
  happened <- curve$n.event > 0
  time <- curve$time[happened]
  survival <- curve$surv[happened]
  m <- min(time[survival <= 0.5 + 1e-9])
  u <- max(time[survival >= 0.5 + args$eps - 1e-9])
  l <- min(time[survival <= 0.5 - args$eps + 1e-9])
  f <- (survival[time == u] - survival[time == l]) / (l - u)
  se <- (survival * curve$std.err[happened])[time == m] / f
  list(median = m, se = se, lower = m - qnorm(0.975) * se, upper = m + qnorm(0.975) * se, u = u, l = l, f = f)
}

operations$reverse_km <- function(args, data) {
  time <- data[[args$time]]
  event <- data[[args$event]]
  q <- quantile(curve_of(Surv(time, 1 - event), args), c(0.25, 0.5, 0.75))
  strict <- prodlim::prodlim(prodlim::Hist(time, event) ~ 1, reverse = TRUE)
  strict_median <- suppressWarnings(min(strict$time[strict$surv <= 0.5]))
  # A censoring comes a moment after the deaths of its day.
  shifted <- quantile(survfit(Surv(time + ifelse(event == 0, 1e-6, 0), 1 - event) ~ 1), 0.5)$quantile
  list(median = q$quantile[2], lower = q$lower[2], upper = q$upper[2], q25 = q$quantile[1], q75 = q$quantile[3],
       strict_median = if (is.finite(strict_median)) strict_median else NA,
       strict_shift_median = round(unname(shifted), 4), naive_median_of_times = median(time))
}

log_rank_of <- function(fit, df = length(fit$n) - 1) {
  rows <- function(x) if (is.matrix(x)) rowSums(x) else x
  list(observed = I(rows(fit$obs)), expected = I(rows(fit$exp)), chisq = fit$chisq, df = df,
       p = pchisq(fit$chisq, df, lower.tail = FALSE))
}

operations$logrank <- function(args, data) {
  group <- factor(data[[args$group]])
  s <- surv(args, data)
  fit <- if (is.null(args$strata)) survdiff(s ~ group, rho = args$rho)
    else survdiff(s ~ group + strata(data[[args$strata]]), rho = args$rho)
  c(list(groups = I(levels(group)), n = I(as.vector(table(group)))), log_rank_of(fit, nlevels(group) - 1))
}

operations$logrank_edge <- function(args, data) log_rank_of(survdiff(Surv(args$time, args$event) ~ args$group))[
  c("chisq", "df", "p", "observed", "expected")]

operations$logrank_pairwise <- function(args, data) {
  group <- factor(data[[args$group]])
  s <- surv(args, data)
  table <- pairwise.table(function(i, j) {
    both <- group %in% levels(group)[c(i, j)]
    pchisq(survdiff(s[both] ~ factor(group[both]))$chisq, 1, lower.tail = FALSE)
  }, levels(group), args$adjust)
  list(row = I(rownames(table)), col = I(colnames(table)), p = table)
}

operations$p_adjust <- function(args, data) list(adjusted = I(p.adjust(args$p, args$method)))
