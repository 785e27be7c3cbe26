package org.t3jvm.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.t3jvm.cli.Main;

/** {@code t3 completion}: what shells make of the scripts. */
class CompletionCommandTest {
  @TempDir Path dir;

  private static String script(String shell) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(out, true), new PrintWriter(err, true), List.of(), "completion", shell);
    assertThat(status).as(err.toString()).isZero();
    return out.toString();
  }

  /** What bash offers for the last word. */
  private List<String> offered(String... words) throws IOException, InterruptedException {
    Path bash = Path.of("/bin/bash");
    assumeTrue(Files.isExecutable(bash), "bash is not installed");
    Path file = dir.resolve("t3.bash");
    Files.writeString(file, script("bash"));
    String test =
        """
        source "$1"; shift
        COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}
        _complete_t3
        printf '%s\\n' "${COMPREPLY[@]}"
        """;
    List<String> command =
        new ArrayList<>(List.of(bash.toString(), "-c", test, "bash", file.toString()));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return output.lines().map(String::strip).toList();
  }

  @Test
  void bashCompletesCommandsOptionsAndValues() throws IOException, InterruptedException {
    assertThat(offered("t3", "gen")).contains("generate");
    assertThat(offered("t3", "generate", "--prompt-")).contains("--prompt-file");
    assertThat(offered("t3", "plan", "--preset", "wan2.1-t2v-1"))
        .contains("wan2.1-t2v-14b", "wan2.1-t2v-1.3b");
    assertThat(offered("t3", "train", "vi")).contains("vibe");
  }

  @Test
  void zshTakesTheScriptOfBash() {
    assertThat(script("zsh")).isEqualTo(script("bash")).contains("bashcompinit");
  }

  /** fish itself is not asked: every line is one {@code complete} of a command or an option. */
  @Test
  void fishHasTheCommandsAndOptions() {
    String script = script("fish");
    assertThat(script.lines()).allMatch(line -> line.startsWith("complete -c t3 -n '__fish_"));
    assertThat(script)
        .contains(
            "complete -c t3 -n '__fish_use_subcommand' -f -a 'generate' -d 'Renders a video",
            "'__fish_seen_subcommand_from generate' -l prompt-file -r -d '",
            "'__fish_seen_subcommand_from plan' -l preset -x -a"
                + " 'wan2.1-t2v-1.3b wan2.2-ti2v-5b wan2.1-t2v-14b'",
            "'__fish_seen_subcommand_from train; and __fish_seen_subcommand_from vibe' -l low -r",
            "'__fish_seen_subcommand_from completion' -f -a 'bash zsh fish'")
        .doesNotContain("${", "%%");
  }

  @Test
  void otherShellsAreWrongUsage() {
    StringWriter err = new StringWriter();
    int status =
        Main.run(
            new PrintWriter(new StringWriter()),
            new PrintWriter(err, true),
            List.of(),
            "completion",
            "tcsh");
    assertThat(status).isEqualTo(2);
    assertThat(err.toString()).isEqualTo("t3: 'tcsh' is none of bash, zsh, fish\n");
  }
}
