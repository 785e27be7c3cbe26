/** One job, stage by stage: text, encode, denoise, decode (SPEC 1). */
@NullMarked
package org.t3jvm.model.run;

import org.jspecify.annotations.NullMarked;
