package org.t3jvm.spark.cluster;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** An installation of Spark made of the jars of this JVM's class path; no library of ours in it. */
record SparkHome(Path folder) {
  private static final Pattern OURS =
      Pattern.compile(
          ".*[/\\\\](org[/\\\\]t3jvm|tools[/\\\\]jackson|org[/\\\\]bytedeco|info[/\\\\]picocli|"
              + "org[/\\\\](jsoup|jspecify|junit|assertj|opentest4j|apiguardian))[/\\\\].*");

  /** The only version of Scala that Spark 4 is built for. */
  private static final String SCALA = "2.13";

  static SparkHome make(Path folder) throws IOException {
    Path jars = Files.createDirectories(folder.resolve("jars"));
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator, -1)) {
      Path jar = Path.of(entry).toAbsolutePath();
      String name = String.valueOf(jar.getFileName());
      if (name.endsWith(".jar") && !name.startsWith("t3jvm-") && !OURS.matcher(entry).matches()) {
        Path link = jars.resolve(name);
        if (!Files.exists(link)) {
          Files.createSymbolicLink(link, jar);
        }
      }
    }
    Files.createDirectories(folder.resolve("conf"));
    return new SparkHome(folder);
  }

  /** Starts a main class of Spark's, as its scripts do. */
  Process start(Path log, String... command) throws IOException {
    List<String> line = new ArrayList<>();
    line.add(java());
    line.addAll(List.of("-cp", jars(), "-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1"));
    line.addAll(List.of(command));
    return run(line, log);
  }

  /** Starts {@code spark-submit}, as {@code bin/spark-class} does. */
  Process submit(Path log, List<String> arguments) throws IOException, InterruptedException {
    List<String> line =
        new ArrayList<>(List.of(java(), "-Xmx128m", "-XX:TieredStopAtLevel=1", "-cp", jars()));
    line.add("org.apache.spark.launcher.Main");
    line.add("org.apache.spark.deploy.SparkSubmit");
    line.addAll(arguments);
    ProcessBuilder launcher = new ProcessBuilder(line).redirectError(log.toFile());
    launcher.environment().putAll(environment());
    Process printing = launcher.start();
    String printed = new String(printing.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (printing.waitFor() != 0) {
      throw new IOException("spark-submit: " + Files.readString(log));
    }
    List<String> command =
        Stream.of(printed.split("\0")).map(String::strip).filter(word -> !word.isEmpty()).toList();
    return run(command, log);
  }

  private Process run(List<String> command, Path log) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(command)
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(log.toFile());
    builder.environment().putAll(environment());
    return builder.start();
  }

  private Map<String, String> environment() {
    return Map.of(
        "SPARK_HOME",
        folder.toString(),
        "JAVA_HOME",
        System.getProperty("java.home"),
        "PATH",
        folder.resolve("bin") + File.pathSeparator + System.getenv("PATH"),
        "SPARK_LOCAL_IP",
        "127.0.0.1",
        "SPARK_SCALA_VERSION",
        SCALA,
        "SPARK_LOCAL_DIRS",
        folder.resolve("local").toString());
  }

  private String jars() {
    return folder.resolve("jars") + File.separator + "*";
  }

  private static String java() {
    return Path.of(System.getProperty("java.home"), "bin", "java").toString();
  }
}
