package org.t3jvm.model.cli;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.Locale;
import org.t3jvm.model.pipeline.DecodeFit;
import org.t3jvm.model.pipeline.DitFit;
import org.t3jvm.model.plan.ForwardWork;
import org.t3jvm.model.plan.JobPlan;
import org.t3jvm.model.plan.Rates;
import org.t3jvm.model.plan.Work;

/** A {@link JobPlan} for people. */
final class PlanReport {
  private static final double TERA = 1e12;
  private static final double GIGA = 1e9;

  private final JobPlan plan;
  private final Rates rates;

  PlanReport(JobPlan plan, Rates rates) {
    this.plan = plan;
    this.rates = rates;
  }

  void print(PrintWriter out) {
    line(out, "tokens", "%,d: %s", plan.grid().tokens(), plan.grid());
    ForwardWork forward = plan.forward();
    double pass = forward.work().total();
    line(out, "one forward", "%s TFLOP", tera(pass));
    line(
        out,
        "",
        "full attention would take %s (%.1f times), upstream's T3 code %s (%.2f times)",
        tera(forward.fullAttention()),
        forward.fullAttention() / pass,
        tera(forward.upstream()),
        forward.upstream() / pass);
    Work denoise = forward.work().times(plan.forwards());
    line(
        out,
        "in all",
        "%s TFLOP: text %s, %d forwards %s, decoding %s",
        tera(plan.total().total()),
        tera(plan.text().total()),
        plan.forwards(),
        tera(denoise.total()),
        tera(plan.decode().total()));
    DitFit dit = plan.fit().dit();
    int groups = dit.job().headGroups();
    line(
        out,
        "memory",
        "denoising %s%s",
        Sizes.bytes(dit.bytes()),
        groups == 1 ? "" : ", heads in %d groups".formatted(groups));
    DecodeFit decode = plan.fit().decode();
    line(out, "", "decoding %s", decoding(decode, plan.grid().t()));
    JobPlan.Weights weights = plan.weights();
    line(
        out,
        "weights",
        "text encoder %s, DiT %s, VAE %s; read where they lie, not counted above",
        Sizes.bytes(weights.text()),
        Sizes.bytes(weights.dit()),
        Sizes.bytes(weights.vae()));
    line(
        out,
        "this machine",
        "products %s, attention %s, convolutions %s GFLOP/s, measured just now",
        giga(rates.products()),
        giga(rates.attention()),
        giga(rates.convolutions()));
    line(
        out,
        "time",
        "%s: text %s, denoising %s (%s a forward), decoding %s",
        time(plan.total()),
        time(plan.text()),
        time(denoise),
        time(forward.work()),
        time(plan.decode()));
    out.flush();
  }

  private static String decoding(DecodeFit fit, int latentFrames) {
    String memory = Sizes.bytes(fit.bytes());
    return fit.bands()
        .map(
            bands ->
                "%s, in %d bands of rows with %s in temporary files"
                    .formatted(
                        memory, bands.count(), Sizes.bytes(bands.spilledBytes(latentFrames))))
        .orElse(memory);
  }

  private String time(Work work) {
    return Sizes.duration(Duration.ofMillis(Math.round(1e3 * rates.seconds(work))));
  }

  private static String tera(double flop) {
    double value = flop / TERA;
    return String.format(Locale.ROOT, value < 10 ? "%,.2f" : "%,.0f", value);
  }

  private static String giga(double rate) {
    return String.format(Locale.ROOT, "%.0f", rate / GIGA);
  }

  private static void line(PrintWriter out, String label, String format, Object... values) {
    out.printf(Locale.ROOT, "%-13s" + format + "%n", prepend(label, values));
  }

  private static Object[] prepend(String label, Object... values) {
    Object[] all = new Object[values.length + 1];
    all[0] = label;
    System.arraycopy(values, 0, all, 1, values.length);
    return all;
  }
}
