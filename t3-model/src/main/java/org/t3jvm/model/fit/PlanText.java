package org.t3jvm.model.fit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;

/** A {@link JobCost} for people. */
public final class PlanText {
  private static final double TERA = 1e12;
  private static final double GIGA = 1e9;

  /** Tokens of a sentence or two. */
  private static final int SHORT_PROMPT = 50;

  private final JobCost plan;
  private final Rates rates;

  public PlanText(JobCost plan, Rates rates) {
    this.plan = plan;
    this.rates = rates;
  }

  /** The plan in lines. */
  public String text() {
    StringWriter text = new StringWriter();
    print(new PrintWriter(text));
    return text.toString();
  }

  private void print(PrintWriter out) {
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
    line(
        out,
        "",
        "a prompt of %d tokens saves %s of it",
        SHORT_PROMPT,
        tera(forward.savedByText(SHORT_PROMPT)));
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
    memory(out);
    JobCost.Weights weights = plan.weights();
    line(
        out,
        "weights",
        "text encoder %s, DiT %s, VAE %s; read where they lie, not counted above",
        Sizes.bytes(weights.text()),
        Sizes.bytes(weights.dit()),
        Sizes.bytes(weights.vae()));
    JobCost.Disk disk = plan.disk();
    line(
        out,
        "disk",
        "up to %s while it is made: state %s, frames %s, temporary files %s",
        Sizes.bytes(disk.total()),
        Sizes.bytes(disk.state()),
        Sizes.bytes(disk.frames()),
        Sizes.bytes(disk.temporary()));
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

  private void memory(PrintWriter out) {
    JobFit fit = plan.fit();
    line(
        out,
        "memory",
        "%s at its peak, %s of it the JVM's",
        Sizes.bytes(fit.peak() + MemoryBudget.JVM),
        Sizes.bytes(MemoryBudget.JVM));
    line(out, "", "text %s", Sizes.bytes(fit.text()));
    if (fit.encode() > 0) {
      line(out, "", "encoding %s", Sizes.bytes(fit.encode()));
    }
    int groups = fit.dit().job().parts().headGroups();
    line(
        out,
        "",
        "denoising %s%s%s",
        Sizes.bytes(fit.dit().bytes()),
        groups == 1 ? "" : ", heads in %d groups".formatted(groups),
        fit.dit().streamed() == 0
            ? ""
            : ", bringing %s of weights in each forward"
                .formatted(Sizes.bytes(fit.dit().streamed())));
    DecodeFit decode = fit.decode();
    line(
        out,
        "",
        "decoding %s%s",
        Sizes.bytes(decode.bytes()),
        decode
            .bands()
            .map(bands -> ", in %d bands of rows".formatted(bands.count()))
            .or(() -> decode.tiling().map(tiling -> ", in tiles of " + tiling))
            .orElse(""));
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
