package org.t3jvm.server.guard;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.concurrent.atomic.AtomicReference;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The token of a server, and what stands for it in a browser: a cookie made from it, and a key that
 * is good for one such cookie. Comparisons take the same time wherever two texts differ.
 */
public final class Access {
  private static final int LEAST_LENGTH = 16;
  private static final String COOKIE = "t3=";
  private static final String BEARER = "Bearer ";

  private final byte[] token;
  private final String cookie;
  private final AtomicReference<@Nullable String> once = new AtomicReference<>();

  /**
   * The access by a token.
   *
   * @throws IllegalArgumentException if it is too short to be secret
   */
  public Access(String token) {
    if (token.length() < LEAST_LENGTH) {
      throw new IllegalArgumentException(
          "the token has %d characters, must have at least %d"
              .formatted(token.length(), LEAST_LENGTH));
    }
    this.token = bytes(token);
    this.cookie = mac(this.token, "the page of t3 serve");
  }

  /** A key that {@link #spend} takes once; a new one makes the one before worthless. */
  public String newKey() {
    byte[] random = new byte[16];
    new SecureRandom().nextBytes(random);
    String key = HexFormat.of().formatHex(random);
    once.set(key);
    return key;
  }

  /** True of the key that was made last, the first time. */
  public boolean spend(String key) {
    String known = once.get();
    return known != null && same(bytes(known), bytes(key)) && once.compareAndSet(known, null);
  }

  /** True of the token itself. */
  public boolean isToken(String text) {
    return same(token, bytes(text));
  }

  /** A {@code Set-Cookie} header that lets a browser in for thirty days. */
  public String setCookie(boolean secure) {
    return COOKIE
        + cookie
        + "; Path=/; HttpOnly; SameSite=Strict; Max-Age=2592000"
        + (secure ? "; Secure" : "");
  }

  /** True if a request's headers let it in. */
  boolean has(@Nullable String authorization, @Nullable String cookies) {
    boolean bearer =
        authorization != null
            && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
            && isToken(authorization.substring(BEARER.length()).strip());
    return bearer || hasCookie(cookies);
  }

  private boolean hasCookie(@Nullable String cookies) {
    if (cookies == null) {
      return false;
    }
    boolean found = false;
    for (String each : cookies.split(";", -1)) {
      String pair = each.strip();
      found |=
          pair.startsWith(COOKIE) && same(bytes(cookie), bytes(pair.substring(COOKIE.length())));
    }
    return found;
  }

  private static boolean same(byte[] one, byte[] other) {
    return MessageDigest.isEqual(one, other);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String mac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes(text)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HmacSHA256", e);
    }
  }
}
