package org.t3jvm.accel.sdk;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The flags of a JVM that runs TornadoVM on this machine: those that the SDK lists, with only the
 * drivers that can start, and what keeps results right.
 */
public final class ArgumentFile {
  /** Where an SDK lists its flags, with or without its folder filled in. */
  private static final List<String> LISTS = List.of("tornado-argfile.template", "tornado-argfile");

  private static final String VARIABLE = "${" + TornadoSdk.HOME + "}";

  private static final List<String> OURS =
      List.of(
          "# A kernel that cannot be compiled is an error, not slow Java.",
          "-Dtornado.recover.bailout=False",
          "# NaN and infinity count: no -cl-fast-relaxed-math.",
          "-Dtornado.opencl.compiler.flags=-w",
          "# The budget of the device is kept by the backend itself.",
          "-Dtornado.device.memory=1024GB");

  private ArgumentFile() {}

  /** Writes the flags for this machine into a file; none if TornadoVM cannot start here. */
  public static void write(TornadoSdk sdk, Path file) throws IOException {
    List<String> lines = new ArrayList<>();
    if (sdk instanceof TornadoSdk.Installed installed) {
      List<Driver> usable = new ArrayList<>();
      for (Driver driver : Driver.values()) {
        Optional<String> missing = driver.missing(installed);
        lines.add("# " + driver.id() + ": " + missing.orElse("can start"));
        if (missing.isEmpty()) {
          usable.add(driver);
        }
      }
      if (!usable.isEmpty()) {
        lines.addAll(flags(installed, usable));
      }
    }
    Files.write(file, lines);
  }

  /**
   * The flags for some drivers of an SDK.
   *
   * @throws IOException if the SDK has no list of flags
   */
  static List<String> flags(TornadoSdk.Installed sdk, List<Driver> drivers) throws IOException {
    List<String> unwanted =
        Arrays.stream(Driver.values())
            .filter(driver -> !drivers.contains(driver))
            .map(Driver::module)
            .toList();
    List<String> flags = new ArrayList<>();
    for (String line : listed(sdk)) {
      String flag = line.strip();
      if (flag.startsWith("--module-path")) {
        flags.add("--module-path " + quoted(modulePath(sdk, drivers)));
      } else if (flag.startsWith("--upgrade-module-path")) {
        String folder = flag.substring("--upgrade-module-path".length()).strip();
        flags.add("--upgrade-module-path " + quoted(folder));
      } else if (!flag.isEmpty() && !flag.startsWith("#") && !isCollector(flag)) {
        wanted(flag, unwanted).ifPresent(flags::add);
      }
    }
    flags.addAll(OURS);
    return flags;
  }

  private static List<String> listed(TornadoSdk.Installed sdk) throws IOException {
    for (String list : LISTS) {
      Path file = sdk.home().resolve(list);
      if (Files.isRegularFile(file)) {
        return Files.readAllLines(file).stream()
            .map(line -> line.replace(VARIABLE, sdk.home().toString()))
            .toList();
      }
    }
    throw new IOException("the TornadoVM SDK in %s has neither of %s".formatted(sdk.home(), LISTS));
  }

  /** Every jar but those of other drivers: a driver on the path starts, or ends the runtime. */
  private static String modulePath(TornadoSdk.Installed sdk, List<Driver> drivers) {
    Path jars = sdk.home().resolve(TornadoSdk.JARS);
    return sdk.jars().stream()
        .filter(
            jar ->
                drivers.stream().anyMatch(driver -> jar.startsWith(driver.jarPrefix()))
                    || !jar.startsWith("tornado-drivers-")
                    || jar.startsWith("tornado-drivers-common-"))
        .map(jar -> jars.resolve(jar).toString())
        .collect(Collectors.joining(System.getProperty("path.separator")));
  }

  /** A flag without the modules that are not on the module path, if anything of it is left. */
  private static Optional<String> wanted(String flag, List<String> unwanted) {
    int start = Math.max(flag.lastIndexOf('='), flag.lastIndexOf(' ')) + 1;
    String[] listed = flag.substring(start).split(",");
    String left =
        Arrays.stream(listed)
            .filter(module -> unwanted.stream().noneMatch(module::startsWith))
            .collect(Collectors.joining(","));
    boolean names = unwanted.stream().anyMatch(module -> flag.startsWith("--add-reads=" + module));
    return left.isEmpty() || names
        ? Optional.empty()
        : Optional.of(flag.substring(0, start) + left);
  }

  /** The user or the launcher chooses the collector. */
  private static boolean isCollector(String flag) {
    return flag.startsWith("-XX:+Use") && flag.endsWith("GC");
  }

  private static String quoted(String value) {
    return '"' + value.replace("\\", "\\\\") + '"';
  }
}
