# Markers: ROC curves (pROC), cut-offs for survival (maxstat), prediction over time (riskRegression).

roc_of <- function(response, marker) pROC::roc(response, marker, levels = c(0, 1), direction = "<", quiet = TRUE)

operations$roc <- function(args, data) {
  curve <- roc_of(data[[args$response]], data[[args$marker]])
  ci <- pROC::ci.auc(curve, method = "delong")
  wanted <- c("threshold", "sensitivity", "specificity", "ppv", "npv", "tp", "tn", "fp", "fn", "youden")
  best <- pROC::coords(curve, "best", ret = wanted, best.method = "youden", transpose = FALSE)
  best$threshold[!is.finite(best$threshold)] <- NA
  list(n_case = length(curve$cases), n_control = length(curve$controls), auc = as.numeric(curve$auc),
       delong_var = pROC::var(curve, method = "delong"), auc_lower = max(0, ci[1]), auc_upper = min(1, ci[3]),
       best = lapply(seq_len(nrow(best)), function(i) as.list(best[i, wanted])),
       thresholds = ifelse(is.finite(curve$thresholds), curve$thresholds, NA),
       sens = curve$sensitivities, spec = curve$specificities)
}

operations$roc_compare <- function(args, data) {
  response <- data[[args$response]]
  test <- pROC::roc.test(roc_of(response, data[[args$a]]), roc_of(response, data[[args$b]]), method = "delong",
                         paired = TRUE)
  list(z = unname(test$statistic), p = test$p.value)
}

operations$maxstat <- function(args, data) {
  s <- surv(args, data)
  marker <- data[[args$marker]]
  test <- function(method) maxstat::maxstat.test(
    s ~ marker, data.frame(marker), smethod = "LogRank", pmethod = method, minprop = args$minprop,
    maxprop = args$maxprop)
  p <- function(method) { set.seed(1); unname(test(method)$p.value) }
  found <- test("Lau92")
  above <- marker > found$estimate
  result <- list(
    cutpoint = unname(found$estimate), statistic = unname(found$statistic), p_Lau92 = unname(found$p.value),
    cuts = found$cuts, stats = unname(found$stats), p_Lau94 = p("Lau94"), p_exactGauss = p("exactGauss"),
    survminer_cutpoint = unname(found$estimate), survminer_statistic = unname(found$statistic),
    naive_logrank_p = chi_p(survdiff(s ~ above)$chisq, 1),
    scores = as.vector(exactRankTests::cscores(s, int = FALSE)))
  # The exact distribution takes too long for many patients.
  if (nrow(s) <= 50) result$p_HL <- p("HL")
  result
}

operations$td_auc_brier <- function(args, data) {
  formula <- as.formula(sprintf("Surv(%s, %s) ~ %s", args$time, args$event, paste(args$covariates, collapse = "+")))
  fit <- coxph(formula, data, x = TRUE, control = exactly)
  score <- riskRegression::Score(list(model = fit), update(formula, . ~ 1), data = data, times = args$times,
                                 metrics = c("auc", "brier"), se.fit = TRUE, conf.int = TRUE, cens.model = "km")
  auc <- score$AUC$score
  brier <- score$Brier$score
  list(auc = I(auc$AUC), auc_se = I(auc$se), brier_null = I(brier$Brier[brier$model == "Null model"]),
       brier = I(brier$Brier[brier$model == "model"]))
}
