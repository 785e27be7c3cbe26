package org.t3jvm.cli.command;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.t3jvm.cli.option.GenerationOptions;
import org.t3jvm.model.provenance.ProgramVersion;
import org.t3jvm.model.provenance.VideoRecord;
import org.t3jvm.model.state.RunSettings;
import org.t3jvm.model.state.SavedRun;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** The {@code t3 generate} of a saved run, with the options that the command at hand changes. */
final class SavedCommand {
  private final GenerateCommand generate;
  private final ParseResult parsed;

  private SavedCommand(GenerateCommand generate, ParseResult parsed) {
    this.generate = generate;
    this.parsed = parsed;
  }

  /**
   * The command of the run in a state folder.
   *
   * @param changes options of the command at hand; those that {@code generate} has too take the
   *     place of the run's
   * @throws IOException if there is no such run, or its state is damaged or of another version
   */
  static SavedCommand of(Path folder, ParseResult changes) throws IOException {
    RunSettings settings = SavedRun.read(folder, ProgramVersion.CURRENT).settings();
    GenerateCommand generate = new GenerateCommand();
    CommandLine line =
        new CommandLine(generate).setExpandAtFiles(false).setCaseInsensitiveEnumValuesAllowed(true);
    try {
      List<String> words = GivenArguments.changed(settings.arguments(), changes);
      return new SavedCommand(generate, line.parseArgs(words.toArray(String[]::new)));
    } catch (ParameterException e) {
      throw new IOException(
          "%s: the run's options are not understood: %s".formatted(folder, e.getMessage()), e);
    }
  }

  GenerationOptions options() {
    return generate.options();
  }

  String prompt() {
    return generate.prompt();
  }

  /** The arguments that a video tells of, see {@link GivenArguments#of}. */
  List<String> told() {
    return GivenArguments.of(parsed, Map.of("--prompt", prompt()));
  }

  /** The arguments that go on with the run. */
  List<String> toGoOn() {
    return GivenArguments.toGoOn(parsed, Map.of("--prompt", prompt()));
  }

  /** The output of a state folder, as a user would type it. */
  static String outputOf(Path folder, RunSettings settings) throws IOException {
    return SavedRun.outputOf(folder) + (settings.pngFolder() ? File.separator : "");
  }

  /**
   * Fails if what is opened now does not give the video that was begun.
   *
   * @throws IOException naming the folder and the first difference
   */
  static void requireSame(Path folder, VideoRecord begun, VideoRecord now) throws IOException {
    if (!begun.model().hash().equals(now.model().hash())) {
      throw new IOException(
          "%s: the state is of another model: begun with '%s' (%s), this is '%s' (%s)"
              .formatted(
                  folder,
                  begun.model().name(),
                  begun.model().hash().substring(0, 12),
                  now.model().name(),
                  now.model().hash().substring(0, 12)));
    }
    Map<String, String> names = new LinkedHashMap<>(begun.settings());
    names.putAll(now.settings());
    for (String name : names.keySet()) {
      String before = begun.settings().get(name);
      String after = now.settings().get(name);
      if (!Objects.equals(before, after)) {
        throw new IOException(
            "%s: the state is of another video: begun with %s %s, this has %s"
                .formatted(folder, name, before, after));
      }
    }
  }
}
