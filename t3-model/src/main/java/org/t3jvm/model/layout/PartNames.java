package org.t3jvm.model.layout;

import java.util.Collection;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.names.RenamedCheckpoint;

/**
 * How a file names the tensors of one part.
 *
 * @param naming the publisher's naming
 * @param prefix what stands before every name, such as ComfyUI's {@code model.diffusion_model.};
 *     tensors without it belong to other parts
 */
public record PartNames(Naming naming, String prefix) {

  /** The original name of a tensor of the file; null if it is none of this part. */
  public @Nullable String toOriginal(String name, Collection<String> names) {
    if (!name.startsWith(prefix)) {
      return null;
    }
    String plain = name.substring(prefix.length());
    boolean copied = naming.isCopy(plain, other -> names.contains(prefix + other));
    return copied ? null : naming.mapping().toOurs(plain);
  }

  /** The file's tensors of this part under their original names. */
  Checkpoint original(Checkpoint file) throws CheckpointException {
    Collection<String> names = file.entries().keySet();
    boolean asTheyAre =
        prefix.isEmpty()
            && naming.isOriginal()
            && names.stream().noneMatch(name -> naming.isCopy(name, names::contains));
    return asTheyAre ? file : RenamedCheckpoint.of(file, name -> toOriginal(name, names));
  }

  /** As {@code diffusers names} or {@code original names after model.diffusion_model.}. */
  public String description() {
    return naming.publisher() + " names" + (prefix.isEmpty() ? "" : " after " + prefix);
  }
}
