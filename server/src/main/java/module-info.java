/** {@code t3 serve}: a queue of videos behind an HTTP API, and a page. */
module org.t3jvm.server {
  requires com.fasterxml.jackson.annotation;
  requires info.picocli;
  requires java.management;
  requires jdk.httpserver;
  requires org.t3jvm.loaders;
  requires org.t3jvm.model;
  requires tools.jackson.databind;
  requires static org.jspecify;

  opens org.t3jvm.server.api to
      tools.jackson.databind;
  opens org.t3jvm.server.cli to
      info.picocli;
  opens org.t3jvm.server.queue to
      tools.jackson.databind;
  opens org.t3jvm.server.store to
      tools.jackson.databind;

  provides org.t3jvm.cli.command.CommandProvider with
      org.t3jvm.server.cli.ServeCommandProvider;
}
