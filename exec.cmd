@rem "npm start" runs "exec node ...", so that signals reach node and no shell in between. Windows knows no exec and finds this.
@%*
