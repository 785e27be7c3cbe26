package org.t3jvm.model.fit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Scanner;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.t3jvm.loaders.io.AtomicFile;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.tensor.backend.Backend;

/**
 * Rates in a folder, one file for each way of computing on each processor, so that plans need not
 * wait for a measurement. What the fastest of many runs reaches is the machine's; drivers and
 * settings change, so that it is measured again after a month. Those that did not settle are not
 * kept.
 *
 * @param folder made when rates are first kept; one that cannot be written keeps nothing
 */
public record KeptRates(Path folder) {
  private static final Duration FRESH = Duration.ofDays(30);

  /**
   * The rates of a backend: kept ones, or those of its peak, which takes no time worth keeping.
   *
   * @param way what they depend on beside the backend's device and precision, such as its threads
   */
  public Rates of(Backend backend, String way) {
    return Rates.of(backend, () -> of(backend, way, () -> Rates.measure(backend)));
  }

  /** As {@link #of(Backend, String)}, with another way to measure. */
  Rates of(Backend backend, String way, Supplier<Rates> measurement) {
    Path file =
        folder.resolve(
            "%s-%s-%s-%s-%s-%s.txt"
                .formatted(
                    backend.name(),
                    backend.precision().name().toLowerCase(Locale.ROOT),
                    way,
                    Integer.toHexString((backend.identity() + processor()).hashCode()),
                    ProgramVersion.CURRENT,
                    Runtime.version().feature())
                .replaceAll("[^A-Za-z0-9._-]", "_"));
    return read(file).orElseGet(() -> keep(measurement.get(), file));
  }

  /** The processor's own name, where the system gives it: folders are shared by machines. */
  private static String processor() {
    try (Stream<String> lines = Files.lines(Path.of("/proc/cpuinfo"))) {
      return lines.filter(line -> line.startsWith("model name")).findFirst().orElse("");
    } catch (IOException | UncheckedIOException e) {
      return Objects.requireNonNullElse(System.getenv("PROCESSOR_IDENTIFIER"), "");
    }
  }

  private static Optional<Rates> read(Path file) {
    try (Scanner text = new Scanner(file, StandardCharsets.US_ASCII)) {
      Instant measured = Files.getLastModifiedTime(file).toInstant();
      text.useLocale(Locale.ROOT);
      Rates rates =
          new Rates(
              text.nextDouble(),
              text.nextDouble(),
              text.nextDouble(),
              new Rates.Measured(measured, true));
      return rates.possible() && measured.plus(FRESH).isAfter(Instant.now())
          ? Optional.of(rates)
          : Optional.empty();
    } catch (IOException | RuntimeException e) {
      // Absent, or not what this writes: measuring replaces it.
      return Optional.empty();
    }
  }

  private Rates keep(Rates rates, Path file) {
    if (!(rates.source() instanceof Rates.Measured measured && measured.steady())) {
      return rates;
    }
    try {
      Files.createDirectories(folder);
      String text =
          "%s %s %s%n".formatted(rates.products(), rates.attention(), rates.convolutions());
      AtomicFile.replace(file, text.getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      // A folder that cannot be written makes the next plan measure again, and nothing else.
    }
    return rates;
  }
}
