package org.t3jvm.model.layout;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;

/** A part of a text-to-video model that has weights. */
public enum Part {
  DIT("DiT"),
  TEXT_ENCODER("text encoder"),
  VAE("VAE");

  private final String label;

  Part(String label) {
    this.label = label;
  }

  /** As messages name it. */
  @Override
  public String toString() {
    return label;
  }

  /**
   * Where this part is among tensors of these names, and how they are named; empty if it is not
   * there. Of several places the one with the shortest prefix counts.
   */
  public Optional<PartNames> find(Collection<String> names) {
    return Arrays.stream(Naming.values())
        .filter(naming -> naming.part() == this)
        .flatMap(naming -> naming.find(names).stream())
        .min((a, b) -> Integer.compare(a.prefix().length(), b.prefix().length()));
  }

  /** Every part that is among tensors of these names. */
  public static List<PartNames> findAll(Collection<String> names) {
    return Arrays.stream(values()).flatMap(part -> part.find(names).stream()).toList();
  }

  /**
   * This part's tensors under the original names, whatever the file names them; the file as it is
   * if this part is not found in it. The result closes the file when it is closed.
   *
   * @throws CheckpointException if names of two layouts are mixed, leaving the file open
   */
  public Checkpoint of(Checkpoint file) throws CheckpointException {
    Optional<PartNames> names = find(file.entries().keySet());
    return names.isEmpty() ? file : names.get().original(file);
  }
}
