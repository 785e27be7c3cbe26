package org.t3jvm.model.fit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

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
    plan.base().ifPresent(base -> base(out, base));
    line(out, "tokens", "%,d: %s", plan.grid().tokens(), plan.grid());
    ForwardWork forward = plan.forward();
    double pass = forward.work().total();
    line(out, "one forward", "%s TFLOP", tera(pass));
    line(
        out,
        "",
        "full attention would take %s (%.1f times)%s",
        tera(forward.fullAttention()),
        forward.fullAttention() / pass,
        plan.base().isPresent()
            ? ""
            : String.format(
                Locale.ROOT,
                ", upstream's T3 code %s (%.2f times)",
                tera(forward.upstream()),
                forward.upstream() / pass));
    line(
        out,
        "",
        "a prompt of %d tokens saves %s of it",
        SHORT_PROMPT,
        tera(forward.savedByText(SHORT_PROMPT)));
    plan.twoPaths().ifPresent(work -> twoPaths(out, work));
    Work denoise = plan.denoise();
    Optional<JobCost> base = plan.base();
    line(
        out,
        "in all",
        "%s TFLOP: text %s, %s%s %s, decoding %s",
        tera(plan.total().total()),
        tera(plan.text().total()),
        base.map(
                before ->
                    "base %s, encoding it %s, "
                        .formatted(
                            tera(before.denoise().plus(before.decode()).total()),
                            tera(plan.encode().total())))
            .orElse(""),
        base.isPresent()
            ? "%d steps".formatted(plan.steps())
            : "%d forwards".formatted(plan.forwards()),
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
        "%s: text %s, %sdenoising %s (%s a forward), decoding %s",
        time(plan.total()),
        time(plan.text()),
        base.map(
                before ->
                    "base %s, encoding it %s, "
                        .formatted(
                            time(before.denoise().plus(before.decode())), time(plan.encode())))
            .orElse(""),
        time(denoise),
        time(forward.work()),
        time(plan.decode()));
    out.flush();
  }

  private void base(PrintWriter out, JobCost base) {
    line(
        out,
        "base",
        "%,d tokens: %s, %d forwards of %s TFLOP, %s beside the weights",
        base.grid().tokens(),
        base.grid(),
        base.forwards(),
        tera(base.forward().work().total()),
        Sizes.bytes(base.fit().dit().bytes()));
  }

  /** Of FreeSwim's second pass: what the formulas of SPEC 20.5 give, and all there is to do. */
  private void twoPaths(PrintWriter out, TwoPathWork work) {
    line(
        out,
        "two paths",
        "%d of %d steps in full attention; self-attention %s TFLOP a step: in windows %s, full %s a"
            + " sequence",
        work.refreshes(),
        work.steps(),
        tera(work.selfAttention()),
        tera(work.window()),
        tera(work.full()));
    line(
        out,
        "",
        "all steps %s TFLOP, upstream's code %s (%.2f times)",
        tera(work.ours().total()),
        tera(work.upstream()),
        work.upstream() / work.ours().total());
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
        (groups == 1 ? "" : ", heads in %d groups".formatted(groups))
            + fit.dit().kept().map(kept -> ", " + kept.description()).orElse(""),
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
