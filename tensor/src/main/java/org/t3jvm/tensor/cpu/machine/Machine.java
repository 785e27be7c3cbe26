package org.t3jvm.tensor.cpu.machine;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.t3jvm.tensor.backend.BackendException;

/**
 * Which emitted kernels for a {@link TileKind} this process uses, and why none: decided once for
 * each kind, when something first asks. Where the system property {@value #PROPERTY} is {@code off}
 * it uses none.
 */
public final class Machine {
  public static final String PROPERTY = "t3.machine";

  private static final Map<TileKind, Machine> MACHINES = new EnumMap<>(TileKind.class);

  private final TileKind kind;
  private final @Nullable TileCode tiles;
  private final double share;
  private final String reason;

  private Machine(TileKind kind, @Nullable TileCode tiles, double share, String reason) {
    this.kind = kind;
    this.tiles = tiles;
    this.share = share;
    this.reason = reason;
  }

  /** What this process uses. */
  public static Machine of(TileKind kind) {
    synchronized (MACHINES) {
      return MACHINES.computeIfAbsent(kind, Machine::decide);
    }
  }

  private static Machine decide(TileKind kind) {
    String arch = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
    if (!arch.equals("amd64") && !arch.equals("x86_64")) {
      return without(kind, "there is no code for " + arch);
    }
    return of(
        kind,
        System.getProperty(PROPERTY),
        Pages::ofSystem,
        pages -> CpuFeatures.read(pages, CallingConvention.ofSystem()));
  }

  /** Reads the features of a processor. */
  interface Features {
    CpuFeatures read(Pages pages);
  }

  /**
   * Decides.
   *
   * @param property {@code off}, or null or {@code on}
   */
  static Machine of(
      TileKind kind, @Nullable String property, Supplier<Pages> system, Features features) {
    if (!isOn(property)) {
      return without(kind, "-D%s=off".formatted(PROPERTY));
    }
    TileCode code = null;
    try {
      Pages pages = system.get();
      List<String> missing = features.read(pages).missing(kind);
      if (!missing.isEmpty()) {
        return without(kind, "the processor has no " + String.join(", no ", missing));
      }
      code = new TileCode(pages, CallingConvention.ofSystem(), kind);
      String wrong = TileCheck.firstDifference(code);
      if (wrong == null) {
        double share = UnitRates.share(pages, CallingConvention.ofSystem(), kind.kernel());
        return new Machine(kind, code, share, "");
      }
      code.close();
      return without(kind, "it computed wrong results here: " + wrong);
    } catch (Pages.Refused e) {
      return without(kind, "the system does not let emitted code run: " + e.getMessage());
    }
  }

  private static Machine without(TileKind kind, String reason) {
    return new Machine(kind, null, 0, reason);
  }

  /**
   * Whether the property allows emitted code.
   *
   * @throws BackendException if it is neither {@code on} nor {@code off}
   */
  static boolean isOn(@Nullable String property) {
    return switch (property) {
      case null -> true;
      case "on" -> true;
      case "off" -> false;
      default ->
          throw new BackendException(
              "system property %s is '%s', it must be on or off".formatted(PROPERTY, property));
    };
  }

  /** The kernels, or null. */
  public @Nullable TileCode tiles() {
    return tiles;
  }

  /**
   * The rate of the kind's products as a multiple of the rate of F32 multiply-adds; 0 without code.
   */
  public double share() {
    return share;
  }

  /** In one line whether there are such kernels, and why not. */
  public String description() {
    return tiles != null
        ? "emitted %s code".formatted(kind.kernel().feature())
        : "Vector API kernels, emitted code is not used: " + reason;
  }
}
