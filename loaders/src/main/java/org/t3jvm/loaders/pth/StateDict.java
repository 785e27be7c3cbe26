package org.t3jvm.loaders.pth;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.t3jvm.loaders.CheckpointException;
import org.t3jvm.loaders.io.MappedFile;
import org.t3jvm.loaders.pth.PickleValue.Bool;
import org.t3jvm.loaders.pth.PickleValue.Dict;
import org.t3jvm.loaders.pth.PickleValue.Int;
import org.t3jvm.loaders.pth.PickleValue.Items;
import org.t3jvm.loaders.pth.PickleValue.Real;
import org.t3jvm.loaders.pth.PickleValue.Text;
import org.t3jvm.loaders.pth.PickleValue.Tuple;
import org.t3jvm.loaders.pth.PickleValue.View;
import org.t3jvm.loaders.text.Messages;

/**
 * The tensors of an unpickled checkpoint, and its plain values as text.
 *
 * @param views the tensors by name, in file order
 * @param metadata plain values beside the tensors
 */
record StateDict(Map<String, View> views, Map<String, String> metadata) {
  private static final String[] WRAPPERS = {"model_state", "state_dict"};

  /**
   * Finds the tensors: {@code root} is a dict of tensors, or holds one under {@code model_state} or
   * {@code state_dict}, or under the name that is chosen.
   *
   * @param choice the name of a dict within {@code root}; null to find it
   * @throws CheckpointException if there is none, or several to choose from
   */
  static StateDict of(MappedFile file, PickleValue root, @Nullable String choice)
      throws CheckpointException {
    if (!(root instanceof Dict dict)) {
      throw file.error(
          "holds %s, not a dict of tensors; save model.state_dict()".formatted(kind(root)));
    }
    if (choice != null) {
      if (!(dict.named().get(choice) instanceof Dict chosen)) {
        throw file.error(
            "has no dict of tensors called %s; it has %s"
                .formatted(Messages.quote(choice), Messages.list(tensorDicts(dict))));
      }
      return of(file, chosen, null);
    }
    StateDict state = new StateDict(new LinkedHashMap<>(), new LinkedHashMap<>());
    Dict wrapped = wrapped(dict);
    List<String> choices = wrapped == null ? tensorDicts(dict) : List.of();
    if (!choices.isEmpty() && dict.named().values().stream().noneMatch(View.class::isInstance)) {
      throw file.error(
          "holds %d dicts of tensors: %s; choose one as %s#%s"
              .formatted(
                  choices.size(),
                  Messages.list(choices),
                  file.path().getFileName(),
                  Messages.plain(choices.getLast())));
    }
    if (wrapped == null) {
      state.addTensors(file, dict);
    } else {
      state.addMetadata(dict);
      state.addTensors(file, wrapped);
    }
    return state;
  }

  /** The names of dicts that hold tensors, or a dict that does. */
  private static List<String> tensorDicts(Dict dict) {
    List<String> names = new ArrayList<>();
    dict.named()
        .forEach(
            (name, value) -> {
              if (value instanceof Dict inner && holdsTensors(inner)) {
                names.add(name);
              }
            });
    return names;
  }

  private static boolean holdsTensors(Dict dict) {
    return wrapped(dict) != null || dict.named().values().stream().anyMatch(View.class::isInstance);
  }

  private static @Nullable Dict wrapped(Dict dict) {
    for (PickleValue value : dict.named().values()) {
      if (value instanceof View) {
        return null;
      }
    }
    for (String wrapper : WRAPPERS) {
      if (dict.named().get(wrapper) instanceof Dict inner) {
        return inner;
      }
    }
    return null;
  }

  private void addTensors(MappedFile file, Dict dict) throws CheckpointException {
    for (var item : dict.named().entrySet()) {
      if (item.getValue() instanceof View view) {
        views.put(item.getKey(), view);
      } else {
        requirePlain(file, item.getValue(), "under " + Messages.quote(item.getKey()));
      }
    }
    for (PickleValue value : dict.nameless()) {
      requirePlain(file, value, "under a key that is not text");
    }
    addMetadata(dict);
  }

  private static void requirePlain(MappedFile file, PickleValue value, String where)
      throws CheckpointException {
    boolean plain =
        switch (value) {
          case Dict dict -> dict.named().isEmpty() && dict.nameless().isEmpty();
          case Items list -> list.items().isEmpty();
          case Tuple tuple -> tuple.size() == 0;
          case View view -> false;
          default -> true;
        };
    if (!plain) {
      throw file.error(
          "holds %s %s among its tensors; expected is a plain dict of tensors, or one under %s"
              .formatted(kind(value), where, String.join(" or ", WRAPPERS)));
    }
  }

  private void addMetadata(Dict dict) {
    dict.named()
        .forEach(
            (name, value) -> {
              switch (value) {
                case Text(String text) -> metadata.put(name, text);
                case Int(long number) -> metadata.put(name, Long.toString(number));
                case Real(double number) -> metadata.put(name, Double.toString(number));
                case Bool(boolean flag) -> metadata.put(name, Boolean.toString(flag));
                default -> {}
              }
            });
  }

  private static String kind(PickleValue value) {
    return switch (value) {
      case Dict dict -> "a dict";
      case Items list -> "a list";
      case Tuple tuple -> "a tuple";
      case View view -> "a single tensor";
      case Text text -> "text";
      default -> "a value";
    };
  }
}
