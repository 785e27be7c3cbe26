package org.t3jvm.cli.report;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.t3jvm.cli.error.ErrorLine;
import org.t3jvm.job.ModelSource;
import org.t3jvm.loaders.text.Messages;
import org.t3jvm.model.files.ModelFiles;

/** What {@code --model} would make of a folder. */
public final class FolderReport {
  private FolderReport() {}

  /** Prints the layout, and the file of every part or what is missing. */
  public static void print(Path folder, PrintWriter out) {
    out.println(folder);
    out.println("  layout    " + layout(folder));
    try {
      ModelFiles files = ModelFiles.find(ModelSource.of(folder));
      out.println("  DiT       " + names(folder, files.dit()));
      if (!files.ditLow().isEmpty()) {
        out.println("  low noise " + names(folder, files.ditLow()));
      }
      out.println("  text      " + names(folder, List.of(files.textEncoder())));
      out.println("  VAE       " + names(folder, List.of(files.vae())));
      out.println("  tokenizer " + names(folder, List.of(files.tokenizer())));
    } catch (IOException e) {
      out.println("  no model  " + ErrorLine.oneLine(String.valueOf(e.getMessage())));
    }
  }

  private static String layout(Path folder) {
    if (Files.isDirectory(folder.resolve("transformer"))) {
      return "diffusers folder";
    }
    if (Files.isDirectory(folder.resolve("high_noise_model"))) {
      return "Wan folder of two DiTs";
    }
    return "Wan folder";
  }

  private static String names(Path folder, List<Path> files) {
    return String.join(
        ", ",
        files.stream()
            .map(file -> Messages.printable(folder.relativize(file).toString()))
            .toList());
  }
}
