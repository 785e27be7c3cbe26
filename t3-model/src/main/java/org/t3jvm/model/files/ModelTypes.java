package org.t3jvm.model.files;

import org.t3jvm.model.dit.DitConfig;
import org.t3jvm.model.text.Umt5Config;
import org.t3jvm.model.vae.VaeConfig;
import org.t3jvm.tensor.backend.ParameterTypes;

/**
 * A model as far as it is known without its weights: enough to trace its graphs, and so to tell
 * what they take. Of several DiTs one stands for all, which are alike.
 */
public record ModelTypes(
    DitConfig dit,
    ParameterTypes ditTypes,
    VaeConfig vae,
    ParameterTypes vaeTypes,
    Umt5Config text,
    ParameterTypes textTypes) {}
