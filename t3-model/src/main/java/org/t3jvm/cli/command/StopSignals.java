package org.t3jvm.cli.command;

import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.t3jvm.cli.error.StoppedException;
import org.t3jvm.event.CancelToken;
import org.t3jvm.event.RunCancelledException;

/**
 * Ctrl-C and SIGTERM while a run is on: the first lets it stop at the end of the block that it
 * computes, so that outputs are left clean; a second one ends the process at once. Neither loses
 * anything, since the state after every step is on disk already.
 *
 * <p>The JVM's own signal classes are reached by reflection: the compiler warns of any mention of
 * them, and a JVM without them ends at the first signal.
 */
public final class StopSignals implements AutoCloseable {
  private static final List<String> NAMES = List.of("INT", "TERM");

  private final Consumer<String> print;
  private final String command;
  private final CancelToken token = new CancelToken();
  private final AtomicInteger received = new AtomicInteger();
  private final List<Runnable> undo = new ArrayList<>();

  private StopSignals(Consumer<String> print, String command) {
    this.print = print;
    this.command = command;
  }

  /**
   * Takes the signals over.
   *
   * @param print gets lines, on the thread of the JVM that takes signals
   * @param command that resumes the run, printed at the second signal
   */
  public static StopSignals install(Consumer<String> print, String command) {
    StopSignals signals = new StopSignals(print, command);
    try {
      for (String name : NAMES) {
        signals.handle(name);
      }
    } catch (ReflectiveOperationException | IllegalArgumentException e) {
      // Started with -Xrs, or no HotSpot: the first signal ends the process.
      signals.close();
    }
    return signals;
  }

  @SuppressWarnings("ReferenceEquality")
  private void handle(String name) throws ReflectiveOperationException {
    Class<?> signalClass = Class.forName("sun.misc.Signal");
    Class<?> handlerClass = Class.forName("sun.misc.SignalHandler");
    Object signal = signalClass.getConstructor(String.class).newInstance(name);
    int number = (int) signalClass.getMethod("getNumber").invoke(signal);
    Method handle = signalClass.getMethod("handle", signalClass, handlerClass);
    Object handler =
        Proxy.newProxyInstance(
            StopSignals.class.getClassLoader(),
            new Class<?>[] {handlerClass},
            (proxy, method, arguments) -> {
              if (method.getDeclaringClass() == Object.class) {
                return method.getName().equals("equals")
                    ? (Object) (proxy == arguments[0])
                    : method.getName().equals("hashCode")
                        ? (Object) System.identityHashCode(proxy)
                        : name;
              }
              receive(number);
              return null;
            });
    Object before = handle.invoke(null, signal, handler);
    undo.add(
        () -> {
          try {
            handle.invoke(null, signal, before);
          } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** On the JVM's signal thread. */
  private void receive(int number) {
    if (received.compareAndSet(0, number)) {
      token.cancel();
      print.accept("t3: stopping at the end of this block; once more to leave at once");
    } else {
      print.accept("t3: left at once; resume with: " + command);
      Runtime.getRuntime().halt(StoppedException.exitStatus(number));
    }
  }

  /** Cancelled by the first signal. */
  public CancelToken token() {
    return token;
  }

  /** Ends the command that the signal has stopped. */
  public StoppedException stopped(RunCancelledException cause, String message) {
    return new StoppedException(received.get(), message, cause);
  }

  /** Gives the signals back. */
  @Override
  public void close() {
    undo.forEach(Runnable::run);
    undo.clear();
  }
}
