package org.t3jvm.spark.cluster;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A master and workers of one core each, as processes. */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("spark://127\\.0\\.0\\.1:\\d+");
  private static final String EXECUTOR = "CoarseGrainedExecutorBackend";

  private final SparkHome home;
  private final Process master;
  private final String url;
  private final List<Process> workers = new ArrayList<>();

  private StandaloneCluster(SparkHome home, Process master, String url) {
    this.home = home;
    this.master = master;
    this.url = url;
  }

  /**
   * Starts a cluster, and waits until its workers are there.
   *
   * @param conf of each worker, such as {@code -Dspark.worker.resource.gpu.amount=1}
   */
  static StandaloneCluster start(SparkHome home, List<List<String>> conf)
      throws IOException, InterruptedException {
    Path log = home.folder().resolve("master.log");
    Process master =
        home.start(
            log,
            "org.apache.spark.deploy.master.Master",
            "--host",
            "127.0.0.1",
            "--port",
            "0",
            "--webui-port",
            "0");
    StandaloneCluster cluster = new StandaloneCluster(home, master, await(master, log, MASTER));
    for (int worker = 0; worker < conf.size(); worker++) {
      cluster.startWorker(worker, conf.get(worker));
    }
    return cluster;
  }

  private void startWorker(int number, List<String> conf) throws IOException, InterruptedException {
    Path log = home.folder().resolve("worker%d.log".formatted(number));
    List<String> command = new ArrayList<>(conf);
    command.add("org.apache.spark.deploy.worker.Worker");
    command.addAll(List.of("--host", "127.0.0.1", "--cores", "1", "--memory", "1g"));
    command.addAll(List.of("--webui-port", "0"));
    command.addAll(List.of("--work-dir", home.folder().resolve("work" + number).toString(), url));
    Process worker = home.start(log, command.toArray(String[]::new));
    workers.add(worker);
    await(worker, log, Pattern.compile("Successfully registered with master"));
  }

  private static String await(Process process, Path log, Pattern text)
      throws IOException, InterruptedException {
    while (true) {
      boolean alive = process.isAlive();
      Matcher found = text.matcher(Files.exists(log) ? Files.readString(log) : "");
      if (found.find()) {
        return found.group();
      }
      if (!alive) {
        throw new IOException("ended: " + Files.readString(log));
      }
      Thread.sleep(50);
    }
  }

  /** Such as {@code spark://127.0.0.1:7077}. */
  String url() {
    return url;
  }

  /** The executors of a worker. */
  List<ProcessHandle> executors(int worker) {
    try (Stream<ProcessHandle> children = workers.get(worker).descendants()) {
      return children
          .filter(child -> child.info().commandLine().orElse("").contains(EXECUTOR))
          .toList();
    }
  }

  /** Stops a worker and its executors, as an operator does. */
  void stopWorker(int worker) throws InterruptedException {
    List<ProcessHandle> executors = executors(worker);
    workers.get(worker).destroy();
    workers.get(worker).waitFor();
    executors.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    for (Process worker : workers) {
      worker.descendants().forEach(ProcessHandle::destroyForcibly);
      worker.destroyForcibly();
    }
    master.destroyForcibly();
  }
}
