package org.t3jvm.server.http;

import org.jspecify.annotations.Nullable;

/** A request that is not served; the message is one line for the client. */
public final class HttpFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final String code;
  private final @Nullable String field;

  /**
   * A failure of one field.
   *
   * @param status of HTTP
   * @param code for programs, such as {@code unknown_field}
   * @param field of the request that is wrong; null if it is none
   */
  public HttpFailure(int status, String code, @Nullable String field, String message) {
    super(message);
    this.status = status;
    this.code = code;
    this.field = field;
  }

  public HttpFailure(int status, String code, String message) {
    this(status, code, null, message);
  }

  /** What is asked for is not there. */
  public static HttpFailure notFound(String what) {
    return new HttpFailure(404, "not_found", what);
  }

  /** A value that cannot be. */
  public static HttpFailure invalid(@Nullable String field, String message) {
    return new HttpFailure(400, "invalid_value", field, message);
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }

  public @Nullable String field() {
    return field;
  }
}
