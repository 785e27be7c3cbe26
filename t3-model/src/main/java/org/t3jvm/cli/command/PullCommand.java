package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.cli.report.PullProgress;
import org.t3jvm.model.fit.Sizes;
import org.t3jvm.model.hub.HubClient;
import org.t3jvm.model.hub.HubToken;
import org.t3jvm.model.hub.PathFilter;
import org.t3jvm.model.hub.Pause;
import org.t3jvm.model.hub.Pull;
import org.t3jvm.model.hub.PullListener;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 pull}: a model repository becomes a folder. */
@Command(
    name = "pull",
    description = {
      "Downloads a model repository from a Hugging Face compatible server.",
      "A download that broke off resumes where it was; files that are there are not fetched again."
    },
    footer = {
      "",
      "HF_TOKEN is sent to the endpoint, and to nobody else; without it the token that the Hugging"
          + " Face command line stored. HTTPS_PROXY, HTTP_PROXY and NO_PROXY count."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class PullCommand implements Callable<Integer> {
  private static final String ENDPOINT = "https://huggingface.co";

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "REPO", description = "Such as Wan-AI/Wan2.1-T2V-1.3B.")
  private String repo = "";

  @Option(
      names = "--revision",
      paramLabel = "R",
      description = "Branch, tag or commit (default: ${DEFAULT-VALUE}).")
  private String revision = "main";

  @Option(
      names = "--include",
      paramLabel = "GLOB",
      description = "Only these files, such as \"*.safetensors\"; may be given again.")
  private List<String> include = new ArrayList<>();

  @Option(names = "--exclude", paramLabel = "GLOB", description = "Not these files.")
  private List<String> exclude = new ArrayList<>();

  @Option(
      names = "--out",
      paramLabel = "DIR",
      description = "Where files go (default: the repository's name without its owner).")
  private @Nullable Path out;

  @Option(
      names = "--endpoint",
      paramLabel = "URL",
      description = "The server (default: $HF_ENDPOINT, or " + ENDPOINT + ").")
  private @Nullable String endpoint;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description = "Ranges of a file fetched at once (default: ${DEFAULT-VALUE}).")
  private int connections = 4;

  @Option(names = "--quiet", description = "Print nothing but errors.")
  private boolean quiet;

  @Override
  public Integer call() throws IOException {
    Instant started = Instant.now();
    if (connections < 1 || connections > 64) {
      throw new UsageException("--connections is %d, must be from 1 to 64".formatted(connections));
    }
    Path folder = out != null ? out : Pull.defaultFolder(repo);
    PrintWriter err = spec.commandLine().getErr();
    try (HubClient client = client(System.getenv());
        PullProgress progress = quiet ? null : new PullProgress(err)) {
      Pull.Result result =
          pull(folder)
              .run(
                  client,
                  Pull.Transfer.of(connections),
                  progress == null ? PullListener.NONE : progress);
      if (!quiet) {
        err.printf(
            "%s: %d files downloaded, %d there already, %s in all, in %s%n",
            folder,
            result.downloaded(),
            result.present(),
            Sizes.bytes(result.bytes()),
            Sizes.duration(Duration.between(started, Instant.now())));
      }
    }
    return 0;
  }

  private Pull pull(Path folder) {
    try {
      return new Pull(repo, revision, new PathFilter(include, exclude), folder);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }

  private HubClient client(Map<String, String> environment) throws IOException {
    Path home = Path.of(System.getProperty("user.home", ""));
    String token = HubToken.find(environment, home, endpoint == null);
    String given = environment.getOrDefault("HF_ENDPOINT", "").strip();
    String server = endpoint != null ? endpoint : given.isEmpty() ? ENDPOINT : given;
    try {
      return new HubClient(server, token, Pause.REAL, environment);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
