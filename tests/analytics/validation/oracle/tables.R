# Tables, proportions, comparisons of one measurement, pooling: base R, mice.

operations$contingency <- function(args, data) {
  table <- do.call(rbind, args$table)
  pearson <- chisq.test(table, correct = FALSE)
  result <- list(fisher_p = fisher.test(table, workspace = 2e7)$p.value, chisq = unname(pearson$statistic),
                 df = unname(pearson$parameter), p = pearson$p.value, expected = unname(pearson$expected),
                 min_expected = min(pearson$expected))
  if (!all(dim(table) == 2)) return(result)
  fisher <- fisher.test(table)
  yates <- chisq.test(table, correct = TRUE)
  c(result, list(cond_or = unname(fisher$estimate), or_lower = fisher$conf.int[1], or_upper = fisher$conf.int[2],
                 sample_or = table[1, 1] * table[2, 2] / (table[1, 2] * table[2, 1]),
                 chisq_yates = unname(yates$statistic), p_yates = yates$p.value))
}

operations$proportion_ci <- function(args, data) list(
  clopper_pearson = binom.test(args$x, args$n)$conf.int[1:2],
  wilson = prop.test(args$x, args$n, correct = FALSE)$conf.int[1:2],
  wilson_cc = prop.test(args$x, args$n, correct = TRUE)$conf.int[1:2])

operations$two_group <- function(args, data) {
  value <- data[[args$value]]
  group <- data[[args$group]]
  quartiles <- function(type) unname(quantile(value, c(0.25, 0.5, 0.75), type = type))
  list(wilcox_p = wilcox.test(value ~ group)$p.value,
       wilcox_p_nocorr = wilcox.test(value ~ group, correct = FALSE)$p.value,
       welch_p = t.test(value ~ group)$p.value, student_p = t.test(value ~ group, var.equal = TRUE)$p.value,
       q7 = quartiles(7), q6_spss = quartiles(6), mean = mean(value), sd = sd(value))
}

operations$k_group <- function(args, data) {
  value <- data[[args$value]]
  group <- factor(data[[args$group]])
  kruskal <- kruskal.test(value, group)
  anova <- anova(lm(value ~ group))
  list(kw_stat = unname(kruskal$statistic), kw_p = kruskal$p.value, anova_F = anova$`F value`[1],
       anova_p = anova$`Pr(>F)`[1])
}

operations$rubin_pool <- function(args, data) {
  mice::pool.scalar(args$estimate, args$variance, n = args$n, k = args$k)[
    c("qbar", "ubar", "b", "t", "df", "r", "fmi")]
}
