package org.t3jvm.cli.option;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.t3jvm.cli.report.Sizes;
import org.t3jvm.model.files.VideoModel;
import org.t3jvm.model.lora.LoraOption;
import org.t3jvm.model.lora.LoraParameters;
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
  private List<LoraOption> loras = new ArrayList<>();

  /** The LoRA in the order given. */
  public List<LoraOption> loras() {
    return List.copyOf(loras);
  }

  /** What weights change and what that takes, for people. */
  public void tell(VideoModel model, Consumer<String> notes) {
    for (LoraParameters changed : model.loras()) {
      changed.notes().forEach(notes);
      notes.accept(
          changed.bytes() == 0
              ? "LoRA change %d weights, on their way to int8".formatted(changed.changed())
              : "LoRA change %d weights, whose copies take %s of memory"
                  .formatted(changed.changed(), Sizes.bytes(changed.bytes())));
    }
  }

  /** As a part of a line: {@code , LoRA style.safetensors:0.8}; empty if there are none. */
  public String description() {
    return loras.isEmpty()
        ? ""
        : ", LoRA " + loras.stream().map(LoraOption::toString).collect(Collectors.joining(", "));
  }

  /** A file, and a number after a colon. */
  public static final class FileAndScale implements ITypeConverter<LoraOption> {
    @Override
    public LoraOption convert(String value) {
      try {
        return LoraOption.parse(value);
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(String.valueOf(e.getMessage()));
      }
    }
  }
}
