package org.t3jvm.cli.command;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.t3jvm.cli.error.UsageException;
import org.t3jvm.model.world.Choice;
import org.t3jvm.model.world.Figure;
import org.t3jvm.model.world.Motion;
import org.t3jvm.model.world.Size;
import org.t3jvm.model.world.Split;
import org.t3jvm.model.world.WorldSettings;
import org.t3jvm.model.world.files.ClipFolder;
import org.t3jvm.model.world.files.ClipSet;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code t3 make-clips}: writes captioned clips of a small synthetic world. */
@Command(
    name = "make-clips",
    description = {
      "Writes captioned clips of coloured shapes that move, and metadata.csv, to train on.",
      "The same command continues where it was stopped."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false)
public final class MakeClipsCommand implements Callable<Integer> {
  private static final int REPORTS = 10;

  @Spec
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  @Parameters(paramLabel = "DIR", description = "Folder to write to, new or empty.")
  private Path folder = Path.of("");

  @Option(
      names = "--clips",
      paramLabel = "N",
      description = "Number of clips (default: ${DEFAULT-VALUE}).")
  private int clips = 2000;

  @Option(
      names = "--seed",
      paramLabel = "N",
      description = "Seed of the clips (default: ${DEFAULT-VALUE}).")
  private long seed = 1;

  @Option(
      names = "--height",
      paramLabel = "PX",
      description = "Height of the frames (default: ${DEFAULT-VALUE}).")
  private int height = 144;

  @Option(
      names = "--width",
      paramLabel = "PX",
      description = "Width of the frames (default: ${DEFAULT-VALUE}).")
  private int width = 256;

  @Option(
      names = "--frames",
      paramLabel = "N",
      description = "Frames of a clip (default: ${DEFAULT-VALUE}).")
  private int frames = 21;

  @Option(
      names = "--fps",
      paramLabel = "N",
      description = "Frames a second (default: ${DEFAULT-VALUE}).")
  private double fps = 12;

  @Option(
      names = "--format",
      paramLabel = "mp4|png",
      description = "Videos, or folders of PNG frames without loss (default: mp4).")
  private ClipSet.Format format = ClipSet.Format.MP4;

  @Option(
      names = "--part",
      paramLabel = "trained|held_out|unseen_pair",
      description = {
        "Combinations of colour, shape, ground and motion that clips have (default: trained);",
        "the others are kept for tests."
      })
  private Split.Part part = Split.Part.TRAINED;

  @Option(
      names = "--split-seed",
      paramLabel = "N",
      description = "Seed that decides what is held out (default: ${DEFAULT-VALUE}).")
  private long splitSeed = Split.DEFAULT_SEED;

  @Option(
      names = "--shapes",
      paramLabel = "SHAPE",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all), with commas between.")
  private List<Figure> shapes = Choice.ALL.figures();

  @Option(
      names = "--motions",
      paramLabel = "MOTION",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all), with commas between.")
  private List<Motion> motions = Choice.ALL.motions();

  @Option(
      names = "--sizes",
      paramLabel = "SIZE",
      split = ",",
      description = "Of ${COMPLETION-CANDIDATES} (default: all), with commas between.")
  private List<Size> sizes = Choice.ALL.sizes();

  @Option(
      names = "--two-objects",
      paramLabel = "SHARE",
      description = "Share of the clips with two objects, 0 to 1 (default: ${DEFAULT-VALUE}).")
  private double twoObjects;

  @Option(
      names = "--spread",
      paramLabel = "SHARE",
      description = {
        "How far from the middle objects may be: 0 not at all, 1 as far as the frame",
        "reaches (default: ${DEFAULT-VALUE})."
      })
  private double spread = 1;

  @Option(names = "--force", description = "Replace the clips of another set in DIR.")
  private boolean force;

  @Override
  public Integer call() throws IOException {
    ClipFolder output = new ClipFolder(folder, set());
    PrintWriter out = spec.commandLine().getOut();
    switch (output.state()) {
      case EMPTY -> {}
      case PARTIAL -> out.println("continuing the clips in " + folder);
      case COMPLETE -> {
        out.println("%s already holds these %d clips".formatted(folder, clips));
        return 0;
      }
      case OTHER -> {
        if (!force) {
          throw new UsageException(
              "'%s' holds something else; give a new or empty folder, or --force to replace its clips"
                  .formatted(folder));
        }
        output.clear();
      }
    }
    int each = Math.ceilDiv(clips, REPORTS);
    output.write(
        done -> {
          if (done % each == 0 || done == clips) {
            out.println("clip %d of %d".formatted(done, clips));
          }
        });
    out.println(
        "wrote %s: %d clips of %dx%d, %d frames".formatted(folder, clips, width, height, frames));
    return 0;
  }

  private ClipSet set() {
    try {
      WorldSettings world =
          new WorldSettings(
              seed,
              splitSeed,
              part,
              new Choice(shapes, motions, sizes),
              twoObjects,
              spread,
              height,
              width,
              frames);
      return new ClipSet(world, clips, format, fps);
    } catch (IllegalArgumentException e) {
      throw new UsageException(String.valueOf(e.getMessage()));
    }
  }
}
