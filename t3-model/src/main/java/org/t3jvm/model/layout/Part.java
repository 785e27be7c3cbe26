package org.t3jvm.model.layout;

import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.t3jvm.loaders.Checkpoint;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.names.RenamedCheckpoint;
import org.t3jvm.loaders.scaled.Float8Weights;

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
    return Float8Weights.of(names.isEmpty() ? file : names.get().original(file));
  }

  /**
   * The tensors of the one part that a file holds, under a publisher's names. The result closes the
   * file when it is closed.
   *
   * @param publisher as {@link Naming#publisher}
   * @throws CheckpointException if the file holds no known part or several; it stays open
   */
  public static Checkpoint named(Checkpoint file, String publisher) throws CheckpointException {
    List<PartNames> found = findAll(file.entries().keySet());
    if (found.size() != 1) {
      throw new CheckpointException(
          "%s: holds %s; names can be changed in a file of one DiT, text encoder or VAE"
              .formatted(
                  file.description(),
                  found.isEmpty()
                      ? "none of the known parts of a model"
                      : String.join(" and ", found.stream().map(Part::described).toList())));
    }
    Checkpoint original = found.getFirst().original(file);
    Part part = found.getFirst().naming().part();
    Naming naming =
        Naming.of(part, publisher, original.entries().keySet())
            .orElseThrow(
                () ->
                    new CheckpointException(
                        "%s: a %s of these tensors has no %s names"
                            .formatted(file.description(), part, publisher)));
    return naming.isOriginal()
        ? original
        : RenamedCheckpoint.of(original, naming.mapping()::toTheirs);
  }

  private static String described(PartNames names) {
    return "a " + names.naming().part();
  }
}
