#include "dispatch.h"

KERNEL_BODY void adamw_update_body(float *parameters, const float *gradients, float *first_moments,
                                   float *second_moments, float *average, const struct adamw_step *step,
                                   ptrdiff_t count) {
    const struct adamw_step s = *step;
    const float keep = 1.0f - s.rate * s.decay, size = s.rate / s.correction1;
    const float root = 1.0f / __builtin_sqrtf(s.correction2);
    for (ptrdiff_t i = 0; i < count; i++) {
        float g = gradients[i] * s.gradient_scale;
        float m = s.beta1 * first_moments[i] + (1.0f - s.beta1) * g;
        float v = s.beta2 * second_moments[i] + (1.0f - s.beta2) * g * g;
        first_moments[i] = m;
        second_moments[i] = v;
        float updated = parameters[i] * keep - size * m / (__builtin_sqrtf(v) * root + s.epsilon);
        parameters[i] = updated;
        if (average) average[i] = s.average_decay * average[i] + (1.0f - s.average_decay) * updated;
    }
}
DEFINE_KERNEL(adamw_update,
              (float *parameters, const float *gradients, float *first_moments, float *second_moments, float *average,
               const struct adamw_step *step, ptrdiff_t count),
              (parameters, gradients, first_moments, second_moments, average, step, count))

KERNEL_BODY void moving_average_update_body(float *average, const float *parameters, float decay, ptrdiff_t count) {
    for (ptrdiff_t i = 0; i < count; i++) average[i] = decay * average[i] + (1.0f - decay) * parameters[i];
}
DEFINE_KERNEL(moving_average_update, (float *average, const float *parameters, float decay, ptrdiff_t count),
              (average, parameters, decay, count))
