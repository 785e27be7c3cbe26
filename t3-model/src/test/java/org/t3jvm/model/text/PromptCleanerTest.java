package org.t3jvm.model.text;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cleaning by the rules of ftfy and of Python's html.unescape and str.isspace (SPEC 2). */
class PromptCleanerTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "&amp;|&",
        "Rain &amp; snow &lt;4K&gt;|Rain & snow <4K>",
        "&amp;amp;lt;b|<b",
        "caf&eacute;|caf\u00e9",
        "caf&EACUTE;|caf\u00c9",
        "&hearts;&nbsp;&NotEqualTilde;|\u2665 \u2242\u0338",
        "&notit|\u00acit",
        "&copycat &madeup; & &;|\u00a9cat &madeup; & &;",
        "&#65;&#x42;&#x1F98A;|AB\uD83E\uDD8A",
        "&#150;|\u2013",
        "x&#0;&#xD800;&#99999999999;y|x\uFFFD\uFFFD\uFFFDy",
        "x&#11;&#xFFFE;y|xy",
        "&#65 b|A b",
      })
  void htmlReferencesAreDecoded(String prompt, String cleaned) {
    assertThat(PromptCleaner.clean(prompt)).isEqualTo(cleaned);
  }

  @Test
  void quotesAreStraightened() {
    assertThat(PromptCleaner.clean("\u201cit\u2019s\u201d \u02bcn \u201Aa\u201Bb\u201E"))
        .isEqualTo("\"it's\" 'n 'a'b\"");
  }

  @Test
  void widthsAndLigaturesAreExpanded() {
    assertThat(
            PromptCleaner.clean(
                "\uff26\uff35\uff2c\uff2c\u3000\uff0c\uff76 \ufb01ne \ufb05 \u01c6 \u0149"))
        .isEqualTo("FULL ,\u30ab fine \u017ft d\u017e 'n");
  }

  @Test
  void otherCompatibilityFormsStay() {
    assertThat(PromptCleaner.clean("\u00bd \u2460 \u00b2")).isEqualTo("\u00bd \u2460 \u00b2");
  }

  @Test
  void controlsAndTerminalEscapesGo() {
    assertThat(PromptCleaner.clean("a\u001b[1;31mred\u001b[0m\u0000\u000b\u007f\ufeff\u206a ball"))
        .isEqualTo("ared ball");
  }

  @Test
  void misreadWindowsCharactersAreRepaired() {
    assertThat(PromptCleaner.clean("it\u0092s \u0080 5\u0085")).isEqualTo("it's \u20ac 5\u2026");
  }

  @Test
  void textIsComposed() {
    assertThat(PromptCleaner.clean("e\u0301")).isEqualTo("\u00e9");
  }

  @Test
  void loneSurrogatesAreReplaced() {
    assertThat(PromptCleaner.clean("a\ud83eb \udd8ac \uD83E\uDD8A"))
        .isEqualTo("a\uFFFDb \uFFFDc \uD83E\uDD8A");
  }

  @Test
  void everyWhiteSpaceOfPythonCollapses() {
    String all = "\t\n\f\r \u00a0\u1680\u2000\u2005\u200a\u2028\u2029\u202f\u205f\u3000";
    assertThat(PromptCleaner.clean(all + "a" + all + "b" + all)).isEqualTo("a b");
    assertThat(PromptCleaner.clean(all)).isEmpty();
  }

  @Test
  void zeroWidthSpaceIsNoWhiteSpace() {
    assertThat(PromptCleaner.clean("a\u200bb")).isEqualTo("a\u200bb");
  }

  @Test
  void entityLevelsBeyondTwoAreDecodedOnlyWithoutTags() {
    assertThat(PromptCleaner.clean("&amp;amp;amp;copy;")).isEqualTo("\u00a9");
    assertThat(PromptCleaner.clean("< &amp;amp;amp;copy;")).isEqualTo("< &amp;copy;");
    assertThat(PromptCleaner.clean("&amp;amp;amp;copy;\n<\n&amp;amp;amp;copy;"))
        .isEqualTo("\u00a9 < &amp;copy;");
  }
}
