public import SystemPackage

/// The folder `fixtures` of the project.
public let fixtures = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent().appending("fixtures")

/// The files of the reference fleet, in the order in which they are to be loaded.
public let referenceFleet = fixtures.appending("reference-fleet")
