package org.t3jvm.model.fit;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Memory that a job may take for what it computes; the result is the same, bit for bit, whatever
 * the budget. Weights are not counted: they are mapped files, whose pages the system drops when it
 * needs them and reads again.
 *
 * @param bytes at most this many; negative if what is taken already is more than was to be
 * @param field the field of the options that sets it; null if it is what the machine has free
 */
public record MemoryBudget(long bytes, @Nullable String field) {
  private static final String FIELD = "options.memory";

  private static final Path MEMINFO = Path.of("/proc/meminfo");
  private static final Pattern SIZE = Pattern.compile("(\\d+(?:\\.\\d+)?)\\s*([kmgt]?)b?");
  private static final String UNITS = "kmgt";

  /** Memory of the host: {@code given} by a user, or what is free. */
  public MemoryBudget(long bytes, boolean given) {
    this(bytes, given ? FIELD : null);
  }

  /** No memory at all: what fits best is what takes least. */
  static final MemoryBudget NONE = new MemoryBudget(0, false);

  /** No limit. */
  public static final MemoryBudget UNLIMITED = new MemoryBudget(Long.MAX_VALUE, false);

  /**
   * What a process takes beside weights and tensors: the JVM's heap, which the launcher keeps
   * small, its code and compilers; as measured.
   */
  public static final long JVM = 320_000_000;

  /** Left to the rest of the machine. */
  private static final long RESERVE = 192_000_000;

  /**
   * A budget as users type it, in powers of 1000: {@code 12g}, {@code 800m}, {@code 1.5 GB}.
   *
   * @throws IllegalArgumentException if it is no size
   */
  public static MemoryBudget parse(String text) {
    Matcher matcher = SIZE.matcher(text.strip().toLowerCase(Locale.ROOT));
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a size of memory, such as 12g or 800m".formatted(text));
    }
    int power = matcher.group(2).isEmpty() ? 0 : UNITS.indexOf(matcher.group(2)) + 1;
    double bytes = Double.parseDouble(matcher.group(1)) * Math.pow(1000, power);
    return new MemoryBudget((long) Math.min(bytes, Long.MAX_VALUE), true);
  }

  /** What is left beside {@code taken} bytes that are no mapped file, such as changed weights. */
  public MemoryBudget beside(long taken) {
    return new MemoryBudget(bytes - taken, field);
  }

  /** What the machine, or the container, has free, less a reserve. */
  public static MemoryBudget free() {
    OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
    boolean contained = system.getTotalMemorySize() < meminfo("MemTotal").orElse(0);
    OptionalLong available = contained ? OptionalLong.empty() : meminfo("MemAvailable");
    long free = available.orElseGet(system::getFreeMemorySize);
    return new MemoryBudget(Math.max(0, free - RESERVE), false);
  }

  /** A figure of Linux, which counts as available what it would give up: caches, mapped files. */
  private static OptionalLong meminfo(String name) {
    try {
      Matcher matcher = Pattern.compile(name + ":\\s+(\\d+) kB").matcher(Files.readString(MEMINFO));
      return matcher.find()
          ? OptionalLong.of(Long.parseLong(matcher.group(1)) * 1024)
          : OptionalLong.empty();
    } catch (IOException e) {
      return OptionalLong.empty();
    }
  }

  /**
   * Why a stage does not fit: how much it needs, how much there is, and what to do; empty if it
   * fits.
   *
   * @param need what the stage takes at least
   */
  Optional<String> shortage(JobFit.Need need) {
    if (need.bytes() <= bytes) {
      return Optional.empty();
    }
    return Optional.of(
        "%s takes at least %s of memory beside the weights, %s %s; choose a smaller size or fewer frames, or %s %s more%s"
            .formatted(
                need.stage(),
                Sizes.bytes(need.bytes()),
                field != null ? field + " leaves" : "free are",
                Sizes.bytes(Math.max(0, bytes)),
                field != null ? "allow" : "free",
                missing(need.bytes() - bytes),
                field != null ? "" : " (options.memory SIZE overrules this)"));
  }

  /** Rounded up to what shows, so that allowing it is enough. */
  private static String missing(long bytes) {
    return bytes < 1e9
        ? String.format(Locale.ROOT, "%.1f MB", Math.ceil(bytes / 1e5) / 10)
        : String.format(Locale.ROOT, "%.2f GB", Math.ceil(bytes / 1e7) / 100);
  }
}
