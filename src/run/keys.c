#include "run/keys.h"

#define PARAM_ROW_run_keys(...) PARAM_ROW(run_keys, __VA_ARGS__)
#define PARAM_ROW_model_keys(...) PARAM_ROW(model_keys, __VA_ARGS__)
#define PARAM_ROW_dynamics_keys(...) PARAM_ROW(dynamics_keys, __VA_ARGS__)
#define PARAM_ROW_ladder_keys(...) PARAM_ROW(ladder_keys, __VA_ARGS__)
#define PARAM_ROW_exchange_keys(...) PARAM_ROW(exchange_keys, __VA_ARGS__)
#define PARAM_ROW_record_keys(...) PARAM_ROW(record_keys, __VA_ARGS__)
#define PARAM_ROW_checkpoint_keys(...) PARAM_ROW(checkpoint_keys, __VA_ARGS__)

PARAM_TABLE(, run_table, "run", run_keys, RUN_KEYS);
PARAM_TABLE(, model_table, "model", model_keys, MODEL_KEYS);
PARAM_TABLE(, dynamics_table, "dynamics", dynamics_keys, DYNAMICS_KEYS);
PARAM_TABLE(, ladder_table, "ladder", ladder_keys, LADDER_KEYS);
PARAM_TABLE(, exchange_table, "exchange", exchange_keys, EXCHANGE_KEYS);
PARAM_TABLE(, record_table, "record", record_keys, RECORD_KEYS);
PARAM_TABLE(, checkpoint_table, "checkpoint", checkpoint_keys,
            CHECKPOINT_KEYS);
