package org.t3jvm.model.fit;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** A {@link JobCost} for people. */
public final class PlanText {
  private static final double TERA = 1e12;
  private static final double GIGA = 1e9;
  private static final double MEGA = 1e6;

  private static final DateTimeFormatter MEASURED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT);

  private static final double SHORTEST_SECONDS = 0.01;

  /** From here on attention counts as not full. */
  private static final double LEAST_SAVED = 1.001;

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
    line(out, "one forward", "%s", flop(pass));
    if (forward.fullAttention() > LEAST_SAVED * pass) {
      alternatives(out, forward);
    }
    line(
        out,
        "",
        "a prompt of %d tokens saves %s of it",
        SHORT_PROMPT,
        flop(forward.savedByText(SHORT_PROMPT)));
    plan.twoPaths().ifPresent(work -> twoPaths(out, work));
    Work denoise = plan.denoise();
    Optional<JobCost> base = plan.base();
    line(
        out,
        "in all",
        "%s: text %s, %s%s %s, decoding %s",
        flop(plan.total().total()),
        flop(plan.text().total()),
        encoding(work -> flop(work.total())),
        base.isPresent()
            ? "%d steps".formatted(plan.steps())
            : "%d forwards".formatted(plan.forwards()),
        flop(denoise.total()),
        flop(plan.decode().total()));
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
        "products %s, attention %s, convolutions %s GFLOP/s, %s",
        giga(rates.products()),
        giga(rates.attention()),
        giga(rates.convolutions()),
        switch (rates.source()) {
          case Rates.Measured measured ->
              "measured on " + MEASURED.format(measured.at().atZone(ZoneId.systemDefault()));
          case Rates.Peak peak ->
              "as shares of its multiply-adds at %s GFLOP/s".formatted(giga(peak.rate()));
        });
    line(
        out,
        "time",
        "%s: text %s, %sdenoising %s (%s a forward), decoding %s",
        time(plan.total()),
        time(plan.text()),
        encoding(this::time),
        time(denoise),
        time(forward.work()),
        time(plan.decode()));
    line(
        out,
        "",
        "estimated: these operations at these rates; reading weights, compiling and other programs"
            + " come on top");
    out.flush();
  }

  /** What comes before the steps: a base video, and the encoding of what they start from. */
  private String encoding(Function<Work, String> text) {
    if (plan.encode().total() == 0) {
      return "";
    }
    String encode = text.apply(plan.encode());
    return plan.base()
        .map(
            before ->
                "base %s, encoding it %s, "
                    .formatted(text.apply(before.denoise().plus(before.decode())), encode))
        .orElse("encoding %s, ".formatted(encode));
  }

  /** What others would compute, of a pass whose attention is not full. */
  private void alternatives(PrintWriter out, ForwardWork forward) {
    double pass = forward.work().total();
    line(
        out,
        "",
        "full attention would take %s (%.1f times)%s",
        flop(forward.fullAttention()),
        forward.fullAttention() / pass,
        plan.base().isPresent()
            ? ""
            : String.format(
                Locale.ROOT,
                ", upstream's T3 code %s (%.2f times)",
                flop(forward.upstream()),
                forward.upstream() / pass));
  }

  private void base(PrintWriter out, JobCost base) {
    line(
        out,
        "base",
        "%,d tokens: %s, %d forwards of %s, %s beside the weights",
        base.grid().tokens(),
        base.grid(),
        base.forwards(),
        flop(base.forward().work().total()),
        Sizes.bytes(base.fit().dit().bytes()));
  }

  /** Of FreeSwim's second pass: what the formulas of SPEC 20.5 give, and all there is to do. */
  private void twoPaths(PrintWriter out, TwoPathWork work) {
    line(
        out,
        "two paths",
        "%d of %d steps in full attention; self-attention %s a step: in windows %s, full %s a"
            + " sequence",
        work.refreshes(),
        work.steps(),
        flop(work.selfAttention()),
        flop(work.window()),
        flop(work.full()));
    line(
        out,
        "",
        "all steps %s, %.2f of upstream's code: %s, whose blocks of scores make windows %s; %.2f of"
            + " its %s at needed scores",
        flop(work.ours().total()),
        work.ours().total() / work.upstream().total(),
        flop(work.upstream().total()),
        flop(work.upstream().window()),
        work.ours().total() / work.upstream().needed(),
        flop(work.upstream().needed()));
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
    Duration time = rates.time(work);
    double seconds = time.toMillis() / 1e3;
    if (seconds < SHORTEST_SECONDS) {
      return "less than %s s".formatted(SHORTEST_SECONDS);
    }
    return seconds < 10
        ? String.format(Locale.ROOT, seconds < 1 ? "%.2f s" : "%.1f s", seconds)
        : Sizes.duration(time);
  }

  /** In the largest unit that it has one of, to three digits at least. */
  private static String flop(double flop) {
    boolean tera = flop >= TERA;
    double value = flop / (tera ? TERA : flop >= GIGA ? GIGA : MEGA);
    String unit = tera ? "TFLOP" : flop >= GIGA ? "GFLOP" : "MFLOP";
    int digits = value < 10 ? 2 : value < 100 ? 1 : 0;
    return String.format(Locale.ROOT, "%,." + digits + "f %s", value, unit);
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
