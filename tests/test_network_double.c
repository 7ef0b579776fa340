#define LANES 2
#include "systems/network_vector_double.h"
#include "network_phi.h"

int main(void)
{
    test_accuracy("double", 0x1p-50);
    test_ends();
    return tap_done();
}
