package org.t3jvm.model.fit;

import java.time.Duration;
import java.util.Optional;
import org.t3jvm.model.files.ModelTypes;
import org.t3jvm.model.job.GenerationRequest;
import org.t3jvm.tensor.backend.Backend;

/**
 * What a job takes on a machine.
 *
 * @param cost of the job as it is fitted into memory; with the least that it can take, where it
 *     does not fit
 * @param shortage why it does not fit, and what would; empty if it does
 * @param rates of the machine
 */
public record JobForecast(JobCost cost, Optional<String> shortage, Rates rates) {
  /** Forecasts a job from shapes alone. */
  public static JobForecast of(
      ModelTypes model,
      GenerationRequest request,
      Backend backend,
      MemoryBudget budget,
      Rates rates) {
    JobFit fit = JobFit.closest(model, request, backend, budget);
    return new JobForecast(
        JobCost.of(model, request, fit), fit.shortage(model, request, backend, budget), rates);
  }

  /** Bytes of the process at its peak, beside the weights. */
  public long memory() {
    return cost.fit().peak() + MemoryBudget.JVM;
  }

  /** The time that its operations take. */
  public Duration time() {
    return rates.time(cost.total());
  }

  /** All of it, in lines for people. */
  public String text() {
    return new PlanText(cost, rates).text();
  }
}
