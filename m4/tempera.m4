# TEMPERA_LIBRARY(NAME, PKG-CONFIG MODULES, HEADER, CALL, PLAIN LIBS, DEBIAN)
# Sets NAME_CFLAGS and NAME_LIBS from the first pkg-config module that exists,
# else from PLAIN LIBS, unless the user gave them; then links CALL.
AC_DEFUN([TEMPERA_LIBRARY], [
  AC_ARG_VAR([$1_CFLAGS], [compiler flags for $1, instead of pkg-config])
  AC_ARG_VAR([$1_LIBS], [linker flags for $1, instead of pkg-config])
  AS_IF([test -z "$$1_LIBS" && test -n "$PKG_CONFIG"], [
    for module in $2; do
      AS_IF([$PKG_CONFIG --exists $module], [
        $1_CFLAGS=`$PKG_CONFIG --cflags $module`
        $1_LIBS=`$PKG_CONFIG --libs $module`
        break])
    done])
  AS_IF([test -z "$$1_LIBS"], [$1_LIBS="$5"])
  AC_MSG_CHECKING([for $1])
  tempera_save_CPPFLAGS=$CPPFLAGS tempera_save_LIBS=$LIBS
  CPPFLAGS="$CPPFLAGS $$1_CFLAGS" LIBS="$$1_LIBS $LIBS"
  AC_LINK_IFELSE([AC_LANG_PROGRAM([[#include <$3>]], [[$4]])],
    [AC_MSG_RESULT([$$1_LIBS])],
    [AC_MSG_RESULT([no])
     AC_MSG_ERROR([$1 is missing. Debian, Ubuntu: apt-get install $6.
Elsewhere: load its module, or set $1_CFLAGS and $1_LIBS.])])
  CPPFLAGS=$tempera_save_CPPFLAGS LIBS=$tempera_save_LIBS
])

# TEMPERA_ISA(NAME, FLAGS, STATEMENT): sets NAME_CFLAGS to FLAGS when the
# compiler takes them and STATEMENT (intrinsics), else have_x86_bodies=no.
AC_DEFUN([TEMPERA_ISA], [
  AX_CHECK_COMPILE_FLAG([$2], [AC_SUBST([$1_CFLAGS], ["$2"])],
    [have_x86_bodies=no], [-Werror],
    [AC_LANG_PROGRAM([[#include <immintrin.h>]], [[$3]])])
])

# TEMPERA_BLAS: a GSL call that needs BLAS, and who serves it. GSL's own
# libgslcblas is an error (slow), another library than OpenBLAS a warning.
AC_DEFUN([TEMPERA_BLAS], [
  tempera_save_CPPFLAGS=$CPPFLAGS tempera_save_LIBS=$LIBS
  CPPFLAGS="$CPPFLAGS $GSL_CFLAGS"
  LIBS="$GSL_LIBS $OPENBLAS_LIBS -lm -ldl $LIBS"
  AC_RUN_IFELSE([AC_LANG_SOURCE([[
    #define _GNU_SOURCE
    #include <dlfcn.h>
    #include <gsl/gsl_blas.h>
    #include <stdio.h>
    #include <string.h>
    int main(void)
    {
        double a[] = {1, 2, 3, 4}, b[] = {5, 6, 7, 8}, c[4] = {0};
        gsl_matrix_view va = gsl_matrix_view_array(a, 2, 2);
        gsl_matrix_view vb = gsl_matrix_view_array(b, 2, 2);
        gsl_matrix_view vc = gsl_matrix_view_array(c, 2, 2);
        gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, &va.matrix,
                       &vb.matrix, 0, &vc.matrix);
        if (c[0] != 19 || c[3] != 50)
            return 1;
        void *served = dlsym(RTLD_DEFAULT, "cblas_dgemm");
        Dl_info info;
        FILE *file = fopen("conftest.blas", "w");
        fputs(served && dladdr(served, &info) ? info.dli_fname
                                              : "a static library", file);
        return fclose(file) != 0;
    }]])],
    [tempera_blas=`cat conftest.blas`],
    [AC_MSG_ERROR([gsl_blas_dgemm with '$GSL_LIBS $OPENBLAS_LIBS' fails])],
    [tempera_blas="unknown (cross compiling)"])
  rm -f conftest.blas
  CPPFLAGS=$tempera_save_CPPFLAGS LIBS=$tempera_save_LIBS
  AC_MSG_NOTICE([cblas_dgemm is served by $tempera_blas])
  AS_CASE([$tempera_blas],
    [*openblas*|unknown*|"a static library"], [],
    [*gslcblas*], [AC_MSG_ERROR([GSL's BLAS calls do not reach OpenBLAS])],
    [AC_MSG_WARN([GSL's BLAS calls do not reach OpenBLAS])])
])

# TEMPERA_PYTHON: the first python3 that has what analysis/ imports.
AC_DEFUN([TEMPERA_PYTHON], [
  AC_ARG_VAR([PYTHON], [python3 with h5py, numpy, scipy, matplotlib])
  AC_MSG_CHECKING([for a python3 with h5py, numpy, scipy, matplotlib])
  tempera_python=
  for candidate in "$PYTHON" /usr/bin/python3 python3; do
    AS_IF([test -n "$candidate" && "$candidate" -c \
           'import h5py, numpy, scipy, matplotlib' >/dev/null 2>&1],
          [tempera_python=`command -v "$candidate"`; break])
  done
  PYTHON=$tempera_python
  AC_MSG_RESULT([${PYTHON:-no}])
  AS_IF([test -z "$PYTHON"],
    [AC_MSG_WARN([no python3 for analysis/: no pictures, fewer tests])])
])
