package org.t3jvm.cli.option;

import java.util.ArrayList;
import java.util.List;
import org.t3jvm.cli.error.FieldOptions;
import org.t3jvm.job.Lora;
import org.t3jvm.job.VideoJobBuilder;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** Options that change the model's weights as they are loaded. */
public final class LoraOptions {
  @Option(
      names = "--lora",
      paramLabel = "FILE[:SCALE]",
      converter = FileAndScale.class,
      description = "LoRA to lay over the DiT, SCALE times (default: 1); may be given again.")
  private List<Lora> loras = new ArrayList<>();

  @Option(
      names = "--lora-low",
      paramLabel = "FILE[:SCALE]",
      converter = FileAndScale.class,
      description =
          "LoRA for the DiT for low noise of Wan2.2-T2V-A14B, so that --lora is for the other alone"
              + " (default: those of --lora); may be given again.")
  private List<Lora> lorasLow = new ArrayList<>();

  /** Lays the LoRA over the DiT, in the order given. */
  public void applyTo(VideoJobBuilder job) {
    loras.forEach(lora -> job.lora(lora.file(), lora.scale()));
    lorasLow.forEach(lora -> job.loraLow(lora.file(), lora.scale()));
  }

  /** A file, and a number after a colon. */
  public static final class FileAndScale implements ITypeConverter<Lora> {
    @Override
    public Lora convert(String value) {
      try {
        return Lora.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(FieldOptions.spell(String.valueOf(e.getMessage())));
      }
    }
  }
}
