package org.t3jvm.server.api;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.t3jvm.server.guard.Access;
import org.t3jvm.server.http.Call;
import org.t3jvm.server.http.HttpFailure;
import org.t3jvm.server.http.Router;

/** {@code /login}: gives a browser its cookie, for a key that is good once or for the token. */
final class LoginApi {
  private static final int MAX_BODY = 4096;

  private final @Nullable Access access;

  LoginApi(@Nullable Access access) {
    this.access = access;
  }

  void addTo(Router router) {
    router.open("GET", "/login", this::byKey).open("POST", "/login", this::byToken);
  }

  private void byKey(Call call) throws IOException, HttpFailure {
    if (access != null) {
      if (!access.spend(call.query("key").orElse(""))) {
        throw new HttpFailure(
            401,
            "key",
            "the link was used, or is none; the server's log has it, /login takes the token");
      }
      letIn(call, access);
    }
    call.reply("Location", "/");
    call.empty(303);
  }

  /**
   * The body of a login.
   *
   * @param token of the server
   */
  record Login(String token) {}

  private void byToken(Call call) throws IOException, HttpFailure {
    String token = Submissions.parse(call.body(MAX_BODY), Login.class).token();
    if (access != null) {
      if (token == null || !access.isToken(token)) {
        throw new HttpFailure(401, "token", "the token is wrong");
      }
      letIn(call, access);
    }
    call.empty(204);
  }

  private static void letIn(Call call, Access access) {
    boolean secure = "https".equals(call.header("X-Forwarded-Proto"));
    call.reply("Set-Cookie", access.setCookie(secure));
  }
}
