# Judges the images of a recipe against their contract, between do_image and do_deploy: a failure fails the build.
# Needs no network and no root; it reads what will be shipped, and leaves its reports beside it.
#
#   IMAGE_CLASSES += "check-image"      in a kas file, local.conf or the recipe

# The command. An absolute path where the build environment has another PATH.
CHECK_IMAGE ?= "check-image"
# A built-in contract, or the path of a file.
CHECK_IMAGE_CONTRACT ?= "k3s"
# Parameters of the contract; what is not set is detected.
CHECK_IMAGE_SET ?= "architecture=${DISTRO_ARCH}"
# must, should or info.
CHECK_IMAGE_FAIL_ON ?= "must"
# Profiles of lint by commas: default,hardening,reproducible. Empty: the quick rules only.
CHECK_IMAGE_LINT ?= ""
# Files of waivers, and a baseline.
CHECK_IMAGE_WAIVERS ?= ""
CHECK_IMAGE_BASELINE ?= ""
# The images to judge, by their suffixes.
CHECK_IMAGE_TYPES ?= "${IMAGE_FSTYPES}"

# Images are not kept in the shared state, so that their verdict is not either.
do_check_image[nostamp] = "1"
do_check_image[dirs] = "${DEPLOY_DIR_IMAGE}"
do_check_image() {
    set --
    for type in ${CHECK_IMAGE_TYPES}; do
        image="${DEPLOY_DIR_IMAGE}/${IMAGE_FULLNAME}.$type"
        [ ! -f "$image" ] || set -- "$@" "$image"
    done
    [ $# -gt 0 ] || bbfatal "check-image: no image of ${IMAGE_FULLNAME} in ${DEPLOY_DIR_IMAGE}"
    for value in ${CHECK_IMAGE_SET}; do set -- "$@" --set "$value"; done
    for profiles in ${CHECK_IMAGE_LINT}; do set -- "$@" "--lint=$profiles"; done
    for file in ${CHECK_IMAGE_WAIVERS}; do set -- "$@" --waivers "$file"; done
    for file in ${CHECK_IMAGE_BASELINE}; do set -- "$@" --baseline "$file"; done

    report="${DEPLOY_DIR_IMAGE}/${IMAGE_FULLNAME}.check-image"
    code=0
    ${CHECK_IMAGE} "$@" --contract "${CHECK_IMAGE_CONTRACT}" --fail-on "${CHECK_IMAGE_FAIL_ON}" \
        --output "json=$report.json" --output "junit=$report.xml" \
        --output "sarif=$report.sarif" --output "html=$report.html" || code=$?
    case $code in
        0) ;;
        1) bbfatal "check-image: the contract does not hold, see $report.html" ;;
        3) bbfatal "check-image: no verdict, evidence could not be read, see $report.html" ;;
        *) bbfatal "check-image: ended with $code" ;;
    esac
}
addtask check_image after do_image before do_deploy
