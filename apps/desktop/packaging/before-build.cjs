/** Tells electron-builder that nothing of node_modules belongs into the package: the bundles hold what they need. */
module.exports = async () => false;
