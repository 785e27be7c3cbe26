package org.t3jvm.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.job.VideoJob;

/**
 * Several values of one setting: {@code seed=0..7}, {@code cfg=3,4.5,6}.
 *
 * @param setting {@code seed}, {@code cfg} or {@code shift}
 * @param values as they are typed, or counted
 */
public record Sweep(String setting, List<String> values) {
  private static final int MOST = 64;
  private static final Pattern FORM = Pattern.compile("(seed|cfg|shift)=(\\S+)");
  private static final Pattern RANGE = Pattern.compile("(-?\\d{1,18})\\.\\.(-?\\d{1,18})");

  public Sweep {
    values = List.copyOf(values);
  }

  /**
   * A sweep as users type it.
   *
   * @throws UsageException if it is none
   */
  public static Sweep parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      throw wrong(text, "must be like seed=0..7, cfg=3..7 or shift=3,5,8");
    }
    List<String> values = new ArrayList<>();
    for (String part : form.group(2).split(",", -1)) {
      Matcher range = RANGE.matcher(part);
      if (range.matches()) {
        long first = Long.parseLong(range.group(1));
        long last = Long.parseLong(range.group(2));
        if (first > last) {
          throw wrong(text, "the range %s runs backwards".formatted(part));
        }
        for (long value = first; value <= last && values.size() <= MOST; value++) {
          values.add(Long.toString(value));
        }
      } else {
        values.add(part);
      }
    }
    if (values.size() > MOST) {
      throw wrong(text, "more than %d values".formatted(MOST));
    }
    Sweep sweep = new Sweep(form.group(1), values);
    values.forEach(value -> sweep.requireNumber(text, value));
    return sweep;
  }

  private void requireNumber(String text, String value) {
    try {
      if (setting.equals("seed")) {
        Long.parseLong(value);
      } else {
        Float.parseFloat(value);
      }
    } catch (NumberFormatException e) {
      throw wrong(text, "'%s' is no value of %s".formatted(value, setting));
    }
  }

  private static UsageException wrong(String text, String why) {
    return new UsageException("--sweep '%s': %s".formatted(text, why));
  }

  /** {@code job} with one of the values. */
  public VideoJob apply(VideoJob job, String value) {
    return switch (setting) {
      case "seed" -> job.with().seed(Long.parseLong(value)).build();
      case "cfg" -> job.with().cfg(Float.parseFloat(value)).build();
      default -> job.with().shift(Float.parseFloat(value)).build();
    };
  }

  /** Where a line on a job has the setting, as a regular expression. */
  public String inDescription() {
    return ", " + setting + " [^,]*";
  }

  /** What a value's picture is called. */
  public String label(String value) {
    return setting + " " + value;
  }
}
