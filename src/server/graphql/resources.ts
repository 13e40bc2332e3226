/** The table (or function) of app_public with this name. */
export function resourceNamed(build: GraphileBuild.Build, name: string) {
  const resource = build.pgResources[name];
  if (resource === undefined) throw new Error(`app_public has no ${name}, or postilion_admin may not see it`);
  return resource;
}
